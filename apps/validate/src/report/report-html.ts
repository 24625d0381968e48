import { verdicts } from '@assay/labels/decide';
import { fileReasonMeaning, rowReasons } from '@assay/labels/reasons';
import type { FileReason, RowReason } from '@assay/labels/reasons';
import type { FieldAgreement } from '../decisions/count-agreement.ts';
import type { Report } from './report.ts';
import { PASSED_OVER, coefficientText, coefficientsOf, grouped, noteText, percent } from './report-text.ts';
import { barChart, escapeHtml, heatMap, histogram } from './svg-plots.ts';

const MAX_BARS = 40;
const MAX_ANNOTATORS = 40;
const MAX_ROWS = 200;

/** One self-contained page: no script, no font, no request. */
export function htmlReport(report: Report, agreement: readonly FieldAgreement[]): string {
  const sections = [
    account(report),
    documents(report),
    reasons(report),
    rejectedFiles(report),
    ...agreement.map((field) => agreementOf(field)),
    labels(report),
    confidence(report),
    settings(report),
  ];
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>Label validation</title><style>${styleSheet}</style></head><body><main>`,
    '<h1>Label validation</h1>',
    `<p class="lead">${grouped(report.rows)} rows of ${grouped(report.files.read)} files,
      ${grouped(report.documents)} documents, ${grouped(report.files.rejected)} files rejected.</p>`,
    ...gates(report),
    ...sections.filter((section) => section !== ''),
    '</main></body></html>',
    '',
  ].join('\n');
}

function section(title: string, ...content: readonly string[]): string {
  return `<section><h2>${escapeHtml(title)}</h2>\n${content.join('\n')}\n</section>`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number) =>
    typeof value === 'number' ? `<td class="number">${grouped(value)}</td>` : `<td>${escapeHtml(value)}</td>`;
  const header = head.map((name) => `<th>${escapeHtml(name)}</th>`).join('');
  const body = rows.slice(0, MAX_ROWS).map((row) => `<tr>${row.map(cell).join('')}</tr>`);
  const rest = rows.length > MAX_ROWS ? `<p>… and ${grouped(rows.length - MAX_ROWS)} more in report.json.</p>` : '';
  return `<table><thead><tr>${header}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>${rest}`;
}

function gates(report: Report): string[] {
  return report.gates.map(({ gate, passed, message }) => {
    const outcome = passed ? 'passed' : 'failed';
    return `<p class="gate ${outcome}"><strong>${escapeHtml(gate)} ${outcome}</strong>: ${escapeHtml(message)}</p>`;
  });
}

function account(report: Report): string {
  const states = [
    ['live', report.live, 'votes that count'],
    ['superseded', report.superseded, 'replaced by a later vote of the same annotator'],
    ['duplicate', report.duplicate, 'equal to an earlier row'],
    ['rejected', report.rejected, 'see below and rejected.jsonl'],
  ] as const;
  const rows = states.map(([name, count, meaning]) => [name, count, percent(count, report.rows), meaning]);
  const lost = report.rows_of_rejected_files;
  const apart = lost === 0 ? '' : `<p>Apart from these, ${grouped(lost)} rows were seen in rejected files.</p>`;
  return section('Rows', table(['', 'rows', 'share', ''], [...rows, ['all', report.rows, '', '']]), apart);
}

function documents(report: Report): string {
  if (report.documents === 0) return '';
  const bars = verdicts.map((verdict) => {
    const count = report.decisions[verdict];
    return { name: verdict, value: count, shown: `${grouped(count)} (${percent(count, report.documents)})` };
  });
  return section('Documents', barChart('Documents by verdict', bars, report.documents));
}

function reasons(report: Report): string {
  const entries = Object.entries(report.rejected_by_reason) as [RowReason, number][];
  if (entries.length === 0) return '';
  const bars = entries
    .toSorted(([, left], [, right]) => right - left)
    .map(([reason, count]) => ({ name: reason, value: count, hint: rowReasons[reason] }));
  return section('Why rows were rejected', barChart('Rejected rows by reason', bars));
}

function rejectedFiles(report: Report): string {
  const files = Object.entries(report.rejected_files) as [string, FileReason][];
  const notes = Object.entries(report.notes).map(([path, list]) => [path, list.map(noteText).join(', ')]);
  const rejected = files.map(([path, reason]) => [path, reason, fileReasonMeaning(reason)]);
  const parts = [
    ...(rejected.length > 0 ? [table(['rejected file', 'reason', 'meaning'], rejected)] : []),
    ...(notes.length > 0 ? [table(['file', 'note'], notes)] : []),
    ...(report.files.passed_over > 0
      ? [`<p>${grouped(report.files.passed_over)} files ${escapeHtml(PASSED_OVER)}.</p>`]
      : []),
  ];
  return parts.length === 0 ? '' : section('Files', ...parts);
}

function agreementOf({ field, report }: FieldAgreement): string {
  const size = `${grouped(report.sharedItems)} documents with two votes or more, ${grouped(report.raters)} annotators`;
  const rows = coefficientsOf(report).map(([name, coefficient]) => [name, coefficientText(coefficient)]);
  const { krippendorffNominal: alpha } = report;
  const prevalence = 'prevalence' in alpha ? alpha.prevalence : null;
  const warning =
    prevalence === null
      ? ''
      : `<p class="gate failed">"${escapeHtml(prevalence.label)}" makes up ${percent(prevalence.share, 1)} of the votes:
        kappa and alpha fall although people agree. Read percent agreement and AC1 beside them.</p>`;
  return section(
    `Agreement on ${field}`,
    `<p>${size}. In brackets: 95 % intervals.</p>`,
    table(['coefficient', 'value'], rows),
    warning,
    byLabel(report),
    byPair(report),
  );
}

function byLabel({ byLabel: all }: FieldAgreement['report']): string {
  const bars = all
    .toSorted((left, right) => right.votes - left.votes)
    .slice(0, MAX_BARS)
    .flatMap(({ label, votes, specificAgreement, alpha }) => {
      if (specificAgreement === null) return [];
      const shown = `${percent(specificAgreement, 1)}, α ${alpha === null ? 'undefined' : alpha.toFixed(2)}`;
      return [{ name: label, value: specificAgreement, shown, hint: `${label}: ${grouped(votes)} votes` }];
    });
  if (bars.length === 0) return '';
  const title = 'When one says it, how often another says it too';
  return `<h3>${title}</h3>${barChart(title, bars, 1)}`;
}

function byPair({ cohenPairwise, pairsLeftOut }: FieldAgreement['report']): string {
  if (cohenPairwise.length === 0) return '';
  const shared = new Map<string, number>();
  for (const { pair, items } of cohenPairwise) {
    for (const name of pair) shared.set(name, (shared.get(name) ?? 0) + items);
  }
  const names = [...shared].toSorted(([, left], [, right]) => right - left).map(([name]) => name);
  const shown = names.slice(0, MAX_ANNOTATORS).toSorted(byNumberOrName);
  const left = names.length - shown.length;
  const rest = left > 0 || pairsLeftOut > 0 ? `<p>The ${shown.length} annotators who share most are shown.</p>` : '';
  const title = "Cohen's kappa of every two annotators";
  return `<h3>${title}</h3>${heatMap(title, shown, cohenPairwise)}${rest}`;
}

function byNumberOrName(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true });
}

function labels(report: Report): string {
  const isOneField = new Set(report.labels.map(({ field }) => field)).size === 1;
  const bars = report.labels.slice(0, MAX_BARS).map(({ field, label, live_votes: votes }) => ({
    name: isOneField ? label : `${field}: ${label}`,
    value: votes,
    shown: `${grouped(votes)} (${percent(votes, report.live)})`,
  }));
  return bars.length === 0 ? '' : section('Labels (live votes)', barChart('Live votes by label', bars));
}

function confidence(report: Report): string {
  if (report.live === 0) return '';
  const threshold = Number(report.rules['threshold']);
  const title = 'Live votes by confidence';
  const text = `<p>The line is the threshold, ${threshold}: votes at or above it can make a document gold.</p>`;
  return section('Confidence', histogram(title, report.confidence_histogram, threshold), text);
}

function settings(report: Report): string {
  const rows = Object.entries(report.rules).map(([name, value]) => [name, JSON.stringify(value)]);
  return section('Rules of this run', table(['rule', 'value'], rows));
}

const styleSheet = `
:root { color-scheme: light dark; --ink: #1d2430; --faint: #5c6675; --line: #d9dee6; --bar: #2f6db5; --weak: #9db8d8;
  --warn: #c2410c; --good: #2b7a4b; --paper: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --faint: #9aa4b2; --line: #343b46; --bar: #6ea8e8;
  --weak: #3d5676; --warn: #f08a52; --good: #6cc592; --paper: #14181e; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 760px; margin: 0 auto; padding: 24px 20px 64px; }
h1 { font-size: 26px; margin: 8px 0 0; } h2 { font-size: 18px; margin: 36px 0 8px; } h3 { font-size: 15px; margin: 20px 0 6px; }
.lead { color: var(--faint); margin-top: 4px; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; color: var(--faint); font-weight: 500; }
th, td { padding: 3px 12px 3px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.gate { border-left: 4px solid var(--good); padding: 4px 12px; } .gate.failed { border-color: var(--warn); }
svg { display: block; width: 100%; height: auto; margin: 6px 0; font: 12px system-ui, sans-serif; }
svg text { fill: var(--ink); } svg .name { text-anchor: end; } svg .tick { text-anchor: middle; fill: var(--faint); }
svg .value { fill: var(--faint); } svg .small { font-size: 10px; fill: var(--faint); }
svg .bar { fill: var(--bar); } svg .weak { fill: var(--weak); } svg .below { fill: var(--warn); }
svg .unknown { fill: none; stroke: var(--line); } svg .axis { stroke: var(--line); }
svg .mark { stroke: var(--warn); stroke-width: 2; stroke-dasharray: 4 3; }
`;
