import { mixNumbers } from '../bytes/byte-hash.ts';
import { ANONYMOUS, REJECTED } from '../rows/row-table.ts';
import type { RowTable } from '../rows/row-table.ts';
import type { TextStore } from '../rows/text-store.ts';

/** What became of a row. */
export const LIVE = 0;
export const SUPERSEDED = 1;
export const DUPLICATE = 2;
export const REJECTED_ROW = 3;

/** rows = live + superseded + duplicate + rejected, always (docs/label-rules.md#10-account). */
export interface RowAccount {
  readonly rows: number;
  readonly live: number;
  readonly superseded: number;
  readonly duplicate: number;
  readonly rejected: number;
}

/** The account of the rows from `start` up to `end`: of a file, or of the whole run. */
export function accountOf(states: Uint8Array, start: number, end: number): RowAccount {
  const counts = new Int32Array(4);
  for (let row = start; row < end; row += 1) counts[states[row] ?? 0] = (counts[states[row] ?? 0] ?? 0) + 1;
  return {
    rows: end - start,
    live: counts[LIVE] ?? 0,
    superseded: counts[SUPERSEDED] ?? 0,
    duplicate: counts[DUPLICATE] ?? 0,
    rejected: counts[REJECTED_ROW] ?? 0,
  };
}

export type TextHashes = Pick<TextStore, 'hashOf' | 'isSame'>;

/** settleVotes of @assay/labels for a whole run: two open-addressing tables over row numbers instead of maps and keys per
 * document, and no cost that grows with the votes of one document. Rows are in row order, so "earlier" is "smaller". */
export function settleRows(table: RowTable, texts: TextHashes): Uint8Array {
  const states = new Uint8Array(table.length);
  markDuplicates(table, texts, states);
  markSuperseded(table, states);
  return states;
}

function slotsFor(rows: number): Int32Array {
  return new Int32Array(2 ** Math.ceil(Math.log2(Math.max(rows, 8) * 1.5))).fill(-1);
}

/** A row equal to an earlier one changes nothing (docs/label-rules.md#6-duplicates). */
function markDuplicates(table: RowTable, texts: TextHashes, states: Uint8Array): void {
  const slots = slotsFor(table.length);
  const mask = slots.length - 1;
  const confidenceBits = new Int32Array(table.confidence.buffer);
  const instantBits = new Int32Array(table.annotatedAt.buffer);
  for (let row = 0; row < table.length; row += 1) {
    if (table.document[row] === REJECTED) {
      states[row] = REJECTED_ROW;
      continue;
    }
    let hash = keyHash(table, row);
    hash = mixNumbers(hash, table.label[row] ?? 0);
    hash = mixNumbers(hash, (confidenceBits[row * 2] ?? 0) ^ (confidenceBits[row * 2 + 1] ?? 0));
    hash = mixNumbers(hash, (instantBits[row * 2] ?? 0) ^ (instantBits[row * 2 + 1] ?? 0));
    hash = mixNumbers(hash, texts.hashOf(table.text[row] ?? -1));
    let slot = hash & mask;
    while ((slots[slot] ?? -1) >= 0 && !isEqualRow(table, texts, slots[slot] ?? 0, row)) slot = (slot + 1) & mask;
    if ((slots[slot] ?? -1) >= 0) states[row] = DUPLICATE;
    else slots[slot] = row;
  }
}

function isEqualRow(table: RowTable, texts: TextHashes, left: number, right: number): boolean {
  return (
    isSameKey(table, left, right) &&
    table.label[left] === table.label[right] &&
    table.confidence[left] === table.confidence[right] &&
    table.annotatedAt[left] === table.annotatedAt[right] &&
    texts.isSame(table.text[left] ?? -1, table.text[right] ?? -1)
  );
}

/** The last vote of (document, field, annotator) by (annotated_at, row order) is live
 * (docs/label-rules.md#7-live-votes). Anonymous votes never supersede one another. */
function markSuperseded(table: RowTable, states: Uint8Array): void {
  const slots = slotsFor(table.length);
  const mask = slots.length - 1;
  for (let row = 0; row < table.length; row += 1) {
    if (states[row] !== LIVE || table.annotator[row] === ANONYMOUS) continue;
    let slot = keyHash(table, row) & mask;
    while ((slots[slot] ?? -1) >= 0 && !isSameKey(table, slots[slot] ?? 0, row)) slot = (slot + 1) & mask;
    const known = slots[slot] ?? -1;
    if (known >= 0 && (table.annotatedAt[row] ?? 0) < (table.annotatedAt[known] ?? 0)) {
      states[row] = SUPERSEDED;
      continue;
    }
    if (known >= 0) states[known] = SUPERSEDED;
    slots[slot] = row;
  }
}

function keyHash(table: RowTable, row: number): number {
  const hash = mixNumbers(table.document[row] ?? 0, table.annotator[row] ?? 0);
  return mixNumbers(hash, table.field[row] ?? 0);
}

function isSameKey(table: RowTable, left: number, right: number): boolean {
  return (
    table.document[left] === table.document[right] &&
    table.annotator[left] === table.annotator[right] &&
    table.field[left] === table.field[right]
  );
}

/** Live rows grouped by document, in row order: those of document d are `rows[starts[d]] … rows[starts[d + 1] - 1]`. */
export interface RowsByDocument {
  readonly starts: Int32Array;
  readonly rows: Int32Array;
}

export function groupByDocument(
  table: RowTable,
  documents: number,
  isWanted: (row: number) => boolean,
): RowsByDocument {
  const starts = new Int32Array(documents + 1);
  for (let row = 0; row < table.length; row += 1) {
    if (isWanted(row)) starts[(table.document[row] ?? 0) + 1] = (starts[(table.document[row] ?? 0) + 1] ?? 0) + 1;
  }
  for (let at = 1; at <= documents; at += 1) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0);
  const rows = new Int32Array(starts[documents] ?? 0);
  const next = starts.slice(0, documents);
  for (let row = 0; row < table.length; row += 1) {
    if (!isWanted(row)) continue;
    const document = table.document[row] ?? 0;
    rows[next[document] ?? 0] = row;
    next[document] = (next[document] ?? 0) + 1;
  }
  return { starts, rows };
}
