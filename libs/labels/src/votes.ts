import { isSameLabel } from './label.ts';
import type { LabelValue } from './label.ts';

/** An accepted row of one document. */
export interface Vote {
  readonly field: string;
  /** Null for an anonymous vote. */
  readonly annotator: string | null;
  readonly label: LabelValue;
  readonly confidence: number;
  /** Microseconds since 1970; null where the row has no readable one. */
  readonly annotatedAt: number | null;
  readonly text: string | null;
  /** Where the row stands: its file's path below the label root, and its data record from 1. */
  readonly path: string;
  readonly row: number;
}

/** What became of each row of one document. Every row is in exactly one list, each in row order. */
export interface SettledVotes<V extends Vote = Vote> {
  readonly live: readonly V[];
  readonly superseded: readonly V[];
  readonly duplicate: readonly V[];
}

/** Row order (docs/label-rules.md#1-order): paths by their UTF-8 bytes, then the record. It is not the order of
 * arrival, so a service that hears of files in any order settles on the same votes. */
export function compareRows(left: Pick<Vote, 'path' | 'row'>, right: Pick<Vote, 'path' | 'row'>): number {
  if (left.path === right.path) return left.row - right.row;
  return Buffer.compare(Buffer.from(left.path), Buffer.from(right.path));
}

/** Which rows of one document count (docs/label-rules.md#6-duplicates and docs/label-rules.md#7-live-votes). All of the
 * document's rows must be there: a row that arrives later but stands earlier can change the outcome. */
export function settleVotes<V extends Vote>(rows: readonly V[]): SettledVotes<V> {
  const byOrder = rows.toSorted(compareRows);
  const kept: V[] = [];
  const duplicate: V[] = [];
  const seen = new Map<string, V[]>();
  for (const row of byOrder) {
    const key = JSON.stringify([row.annotator, row.field, row.confidence + 0, row.annotatedAt]);
    const alike = seen.get(key) ?? [];
    seen.set(key, alike);
    if (alike.some((other) => other.text === row.text && isSameLabel(other.label, row.label))) duplicate.push(row);
    else {
      alike.push(row);
      kept.push(row);
    }
  }
  return { ...liveAndSuperseded(kept), duplicate };
}

function liveAndSuperseded<V extends Vote>(kept: readonly V[]): { live: readonly V[]; superseded: readonly V[] } {
  const newest = new Map<string, V>();
  for (const vote of kept) {
    if (vote.annotator === null) continue;
    const key = JSON.stringify([vote.annotator, vote.field]);
    const known = newest.get(key);
    // At the same instant the later row counts, and `kept` is in row order.
    if (known === undefined || instantOf(vote) >= instantOf(known)) newest.set(key, vote);
  }
  const isLive = new Set(newest.values());
  return {
    live: kept.filter((vote) => vote.annotator === null || isLive.has(vote)),
    superseded: kept.filter((vote) => vote.annotator !== null && !isLive.has(vote)),
  };
}

function instantOf({ annotatedAt }: Vote): number {
  return annotatedAt ?? Number.NEGATIVE_INFINITY;
}
