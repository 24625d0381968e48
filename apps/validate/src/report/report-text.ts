import type { AgreementReport } from '@assay/agreement/agreement-report';
import type { Coefficient } from '@assay/agreement/coefficient';
import { verdicts } from '@assay/labels/decide';
import { fileReasonMeaning, notVoteReasons, rowReasons } from '@assay/labels/reasons';
import type { FileReason, RowReason } from '@assay/labels/reasons';
import type { FieldAgreement } from '../decisions/count-agreement.ts';
import type { Report } from './report.ts';

const MAX_LISTED = 20;
const BAR_WIDTH = 30;

/** The report as a person reads it in a terminal; report.json and report.html have all of it. */
export function textReport(report: Report, agreement: readonly FieldAgreement[], out: string): string {
  const sections = [
    heading(report),
    account(report),
    documents(report),
    rejectedRows(report),
    rejectedFiles(report),
    passedOver(report),
    notes(report),
    ...agreement.map((field) => agreementOf(field)),
    labels(report),
    gates(report),
    [`Results: ${out}`, ''],
  ];
  return sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n');
}

export function grouped(value: number): string {
  return value.toLocaleString('en');
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? '' : `${((part / whole) * 100).toFixed(1)} %`;
}

function heading(report: Report): string[] {
  const { rules } = report.rules;
  const settings = [`threshold ${String(report.rules['threshold'])}`];
  if (rules === 'original') settings.push('rules of the original job');
  if (report.rules['min_annotators'] !== 1) settings.push(`${String(report.rules['min_annotators'])} annotators`);
  settings.push(`a missing confidence is ${missingMeaning(report.rules['missing_confidence'])}`);
  if (report.rules['decimal_comma'] === true) settings.push('decimal comma');
  const title = `assay validate: ${grouped(report.rows)} rows of ${grouped(report.files.read)} files`;
  return [title, `(${settings.join(', ')})`];
}

function missingMeaning(setting: unknown): string {
  return setting === 'reject' ? 'rejected' : `read as ${String(setting)}`;
}

function account(report: Report): string[] {
  const states = ['live', 'superseded', 'duplicate', 'rejected'] as const;
  return ['Rows', ...table(states.map((state) => [state, report[state], percent(report[state], report.rows)]))];
}

function documents(report: Report): string[] {
  const rows = verdicts.map((verdict): Row => {
    const count = report.decisions[verdict];
    return [verdict, count, percent(count, report.documents), bar(count, report.documents)];
  });
  return [`Documents: ${grouped(report.documents)}`, ...table(rows)];
}

function rejectedRows(report: Report): string[] {
  const reasons = Object.entries(report.rejected_by_reason) as [RowReason, number][];
  if (reasons.length === 0) return [];
  const rows = reasons
    .toSorted(([, left], [, right]) => right - left)
    .map(([reason, count]): Row => [reason, count, rowReasons[reason]]);
  return ['Rejected rows (rejected.jsonl)', ...table(rows)];
}

function rejectedFiles(report: Report): string[] {
  const files = Object.entries(report.rejected_files) as [string, FileReason][];
  if (files.length === 0) return [];
  const listed = files
    .slice(0, MAX_LISTED)
    .map(([path, reason]) => `  ${printable(path)}: ${reason}. ${fileReasonMeaning(reason)}`);
  return [`Rejected files: ${grouped(files.length)}, none of their rows counts`, ...listed, ...more(files.length)];
}

export const PASSED_OVER =
  'passed over: by their names they are no label files (_*, .*, *.tmp, *.crc, *.partial, *.inprogress)';

function passedOver({ files }: Report): string[] {
  return files.passed_over === 0 ? [] : [`${grouped(files.passed_over)} files ${PASSED_OVER}`];
}

function notes(report: Report): string[] {
  const files = Object.entries(report.notes);
  if (files.length === 0) return [];
  const listed = files
    .slice(0, MAX_LISTED)
    .map(([path, list]) => `  ${printable(path)}: ${list.map(noteText).join(', ')}`);
  return ['Notes', ...listed, ...more(files.length)];
}

export function noteText(note: Report['notes'][string][number]): string {
  switch (note.code) {
    case 'repeated_header':
      return `the header is repeated ${note.count} times; skipped`;
    case 'read_as_windows_1252':
      return 'no UTF-8; read as windows-1252';
    case 'tool_export':
      return `read as ${note.format}`;
    case 'not_a_vote':
      return `${grouped(note.count)} × no vote, ${note.reason}: ${notVoteReasons[note.reason]}`;
  }
}

function more(count: number): string[] {
  return count > MAX_LISTED ? [`  … and ${grouped(count - MAX_LISTED)} more in report.json`] : [];
}

function agreementOf({ field, report }: FieldAgreement): string[] {
  const size = `${grouped(report.sharedItems)} documents with two votes or more, ${grouped(report.raters)} annotators`;
  const rows = coefficientsOf(report).map(([name, coefficient]): Row => [name, coefficientText(coefficient), '']);
  const warning = 'prevalence' in report.krippendorffNominal ? report.krippendorffNominal.prevalence : null;
  const paradox =
    warning === null
      ? []
      : [
          `  "${oneLine(warning.label)}" makes up ${percent(warning.share, 1)} of the votes: kappa and alpha fall although people agree`,
        ];
  return [`Agreement on ${oneLine(field)} (${size})`, ...table(rows), ...paradox];
}

export function coefficientsOf(report: AgreementReport): [string, Coefficient][] {
  const all: [string, Coefficient | null][] = [
    ["Krippendorff's alpha", report.krippendorffNominal],
    ["Cohen's kappa", report.cohen],
    ["Fleiss' kappa", report.fleiss],
    ["Gwet's AC1", report.gwetAc1],
    ['percent agreement', report.percentAgreement],
  ];
  return all.filter((entry): entry is [string, Coefficient] => entry[1] !== null);
}

/** Undefined is said, with its reason, and never shown as a number. */
export function coefficientText(coefficient: Coefficient): string {
  if (coefficient.value === null) return `undefined: ${coefficient.reason}`;
  const { interval } = coefficient;
  const range = interval === null ? '' : ` [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]`;
  return `${coefficient.value.toFixed(3)}${interval?.degenerate === true ? '' : range}`;
}

function labels(report: Report): string[] {
  if (report.labels.length === 0) return [];
  const most = report.labels[0]?.live_votes ?? 0;
  const isOneField = new Set(report.labels.map(({ field }) => field)).size === 1;
  const rows = report.labels.slice(0, MAX_LISTED).map(({ field, label, live_votes: votes }): Row => {
    return [oneLine(isOneField ? label : `${field}: ${label}`), votes, percent(votes, report.live), bar(votes, most)];
  });
  return ['Labels (live votes)', ...table(rows), ...more(report.labels.length + report.labels_left_out)];
}

function gates(report: Report): string[] {
  if (report.gates.length === 0) return [];
  const lines = report.gates.map(
    ({ gate, passed, message }) => `  ${gate} ${passed ? 'passed' : 'FAILED'}: ${message}`,
  );
  return ['Gates', ...lines];
}

type Row = readonly (string | number)[];

/** NameDictionary left, numbers right; the last column is not padded. */
function table(rows: readonly Row[]): string[] {
  const texts = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? grouped(cell) : cell)));
  const widths = (texts[0] ?? []).map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  return texts.map((row, at) => {
    const cells = row.map((text, column) => {
      const isNumber = typeof rows[at]?.[column] === 'number' || /^[\d.]+ %$/.test(text);
      return isNumber ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
    });
    return `  ${cells.join('  ')}`.trimEnd();
  });
}

// NameDictionary come from files: what a terminal takes for a command must not reach it.
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '·');
}

function oneLine(text: string): string {
  const shown = printable(text);
  return shown.length > 60 ? `${shown.slice(0, 59).toWellFormed()}…` : shown;
}

function bar(value: number, most: number): string {
  return most === 0 ? '' : '█'.repeat(Math.round((value / most) * BAR_WIDTH));
}
