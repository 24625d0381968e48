import { countsOf, type CountRow } from '@assay/agreement/count-rows';
import { type AgreementReport, agreementReport } from '@assay/agreement/agreement-report';
import type { Coefficient } from '@assay/agreement/coefficient';
import { renderAccount } from '@assay/shared/cli/account.verb';
import { type Account, faultsOfAccount } from '@assay/shared/contracts/account';
import { renderTable } from '../../infra/report.ts';
import type { ProcessPeak } from '../peak-memory.ts';

export type Agreement = AgreementReport & { readonly field: string };

/** What DIR/account.json says. */
export interface DemoReport {
  readonly account: Account;
  readonly faults: readonly string[];
  readonly agreement: readonly Agreement[];
  readonly gold: {
    readonly container: string;
    readonly release: string;
    readonly sha256: string;
    readonly lines: number;
    readonly segments: readonly string[];
  };
  readonly seconds_by_stage: Readonly<Record<string, number>>;
  readonly peak_rss_bytes: readonly ProcessPeak[];
}

/** Coefficients for each field from the counts that the validator keeps. */
export function agreementOf(rows: readonly (CountRow & { readonly field: string })[]): readonly Agreement[] {
  const fields = [...new Set(rows.map(({ field }) => field))].toSorted();
  return fields.map((field) => {
    const { counts, labels, raters } = countsOf(rows.filter((row) => row.field === field));
    return { field, ...agreementReport(counts, { labels, raters }) };
  });
}

function coefficientRow(name: string, coefficient: Coefficient): string[] {
  if (coefficient.value === null) return [name, '-', coefficient.reason];
  const { interval } = coefficient;
  const range = interval === null ? '' : `95 % ${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}`;
  return [name, coefficient.value.toFixed(3), range];
}

function renderAgreement(agreement: Agreement): string {
  const { field, sharedItems, raters } = agreement;
  const pairs = agreement.cohenPairwise.map((cohen) => coefficientRow(`Cohen ${cohen.pair.join(', ')}`, cohen));
  const table = renderTable([
    coefficientRow('percent agreement', agreement.percentAgreement),
    coefficientRow('Krippendorff alpha', agreement.krippendorffNominal),
    coefficientRow('Gwet AC1', agreement.gwetAc1),
    ...pairs,
  ]);
  return `agreement on ${field}: ${raters} people, ${sharedItems} documents with two votes or more\n${indent(table)}`;
}

const indent = (text: string): string => text.replaceAll(/^/gm, '  ');

function renderPeaks(peaks: readonly ProcessPeak[]): string {
  // Postgres is a process for each task and shares most of it; the sum would count that again and again.
  const parts = peaks.filter(({ name }) => !name.includes(':'));
  return parts.map(({ name, peakRssBytes }) => `${name} ${(peakRssBytes / 1_048_576).toFixed(0)}`).join(', ');
}

/** What a person reads at the end. */
export function renderReport({ account, faults, agreement, gold, peak_rss_bytes }: DemoReport): string {
  return [
    renderAccount(account, faults).trimEnd(),
    ...agreement.map(renderAgreement),
    `gold        ${gold.lines} documents: container ${gold.container}, ${gold.release}`,
    `            sha256 ${gold.sha256}; ${gold.segments.length} segments to tail`,
    ...(peak_rss_bytes.length === 0 ? [] : [`peak MB     ${renderPeaks(peak_rss_bytes)}`]),
  ].join('\n');
}

/** Also false when something is still under way: the demo has waited for all of it. */
export function faultsAtRest(account: Account): readonly string[] {
  const { rows_under_way, waiting_rows } = account;
  return [
    ...faultsOfAccount(account),
    ...(rows_under_way > 0 ? [`${rows_under_way} label rows are still under way`] : []),
    ...(waiting_rows > 0 ? [`${waiting_rows} label rows still wait for their document`] : []),
  ];
}
