import { ANONYMOUS, AgreementCounts } from '@assay/agreement/agreement-counts';
import type { Vote } from '@assay/agreement/agreement-counts';
import { agreementReport } from '@assay/agreement/agreement-report';
import type { AgreementReport } from '@assay/agreement/agreement-report';
import type { LabelDictionary, NameDictionary } from '../rows/dictionaries.ts';
import { ANONYMOUS as ANONYMOUS_ROW } from '../rows/row-table.ts';
import type { RowTable } from '../rows/row-table.ts';
import type { RowsByDocument } from './settle-rows.ts';

export interface FieldAgreement {
  readonly field: string;
  readonly report: AgreementReport;
  /** Documents with so many votes that their pairs of annotators were not counted one by one. */
  readonly documentsWithoutPairs: number;
}

/** Pairs grow with the square of the votes: a thousand anonymous-looking votes on one text would be half a million. Such
 * documents count for every coefficient over items, and for no pair. */
const MAX_VOTES_FOR_PAIRS = 100;

class FieldCounts {
  readonly counts = new AgreementCounts();
  readonly labels: number[] = [];
  readonly #indexByLabel: number[] = [];
  documentsWithoutPairs = 0;

  indexOf(label: number): number {
    const known = this.#indexByLabel[label];
    if (known !== undefined) return known;
    const index = this.labels.push(label) - 1;
    this.#indexByLabel[label] = index;
    return index;
  }

  add(votes: Vote[]): void {
    if (votes.length <= MAX_VOTES_FOR_PAIRS) {
      this.counts.add(votes);
      return;
    }
    const labels = votes.map(([, label]) => label).sort((left, right) => left - right);
    this.counts.addPattern(labels, 1);
    for (const [rater] of votes) this.counts.addRaterVotes(rater, 1);
    if (votes.some(([rater]) => rater !== ANONYMOUS)) this.documentsWithoutPairs += 1;
  }
}

/** How far people agree, field by field, over the live votes. */
export function countAgreement(
  table: RowTable,
  live: RowsByDocument,
  names: { readonly labels: LabelDictionary; readonly annotators: NameDictionary; readonly fields: NameDictionary },
): FieldAgreement[] {
  const byField = new Map<number, FieldCounts>();
  for (let document = 0; document + 1 < live.starts.length; document += 1) {
    addDocument(byField, table, live, document);
  }
  const annotators = names.annotators.names.slice(1);
  return [...byField]
    .toSorted(([left], [right]) => left - right)
    .map(([field, { counts, labels, documentsWithoutPairs }]) => {
      const labelNames = labels.map((label) => names.labels.labels[label]?.text ?? '');
      const report = agreementReport(counts, { labels: labelNames, raters: annotators });
      return { field: names.fields.names[field] ?? '', report, documentsWithoutPairs };
    });
}

function addDocument(
  byField: Map<number, FieldCounts>,
  table: RowTable,
  { starts, rows }: RowsByDocument,
  document: number,
): void {
  const start = starts[document] ?? 0;
  const end = starts[document + 1] ?? 0;
  const field = table.field[rows[start] ?? 0] ?? 0;
  const votes: Vote[] = [];
  // Nearly every document has one field; only those with more need a map.
  let others: Map<number, Vote[]> | undefined;
  for (let at = start; at < end; at += 1) {
    const row = rows[at] ?? 0;
    const own = table.field[row] ?? 0;
    const vote = voteOf(byField, table, row);
    if (own === field) votes.push(vote);
    else {
      others ??= new Map();
      const known = others.get(own);
      if (known === undefined) others.set(own, [vote]);
      else known.push(vote);
    }
  }
  if (votes.length > 0) countsOf(byField, field).add(votes);
  for (const [other, rest] of others ?? []) countsOf(byField, other).add(rest);
}

function voteOf(byField: Map<number, FieldCounts>, table: RowTable, row: number): Vote {
  const label = countsOf(byField, table.field[row] ?? 0).indexOf(table.label[row] ?? 0);
  return [(table.annotator[row] ?? ANONYMOUS_ROW) - 1, label];
}

function countsOf(byField: Map<number, FieldCounts>, field: number): FieldCounts {
  const known = byField.get(field);
  if (known !== undefined) return known;
  const counts = new FieldCounts();
  byField.set(field, counts);
  return counts;
}

/** The one number a gate compares: Cohen's kappa where two people voted, Krippendorff's alpha otherwise; null where
 * either is undefined, and where nobody voted at all. */
export function headlineKappa(report: AgreementReport): {
  readonly coefficient: string;
  readonly value: number | null;
} {
  if (report.cohen !== null && report.anonymousVotes === 0) {
    return { coefficient: 'cohen_kappa', value: report.cohen.value };
  }
  return { coefficient: 'krippendorff_alpha', value: report.krippendorffNominal.value };
}
