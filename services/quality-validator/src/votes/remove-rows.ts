import type { LabelMessage, RemovalMessage } from '@assay/shared/contracts/label-message';
import type { Transaction } from '@assay/shared/postgres/statement';
import { type Booking, booking, contentOf, type FileContent } from './domain/vote-places.ts';
import { findByDocId } from './labels.sql.ts';
import {
  deleteRemovedRejected,
  deleteRemovedWaiting,
  findRemovedDocuments,
  findRemovedRows,
  noteRemovedRows,
} from './places.sql.ts';

type Removals = readonly RemovalMessage[];

const removalRow = ({ origin: { path, row, generation }, doc_id, text_hash }: RemovalMessage) => ({
  path,
  row_number: row,
  generation,
  text_hash: doc_id === null ? text_hash : null,
});

/** First of all, so that rows of the same batch which are no longer in their file meet it. */
export async function noteRemovals(tx: Transaction, removals: Removals): Promise<void> {
  if (removals.length > 0) await tx.query(noteRemovedRows, [JSON.stringify(removals.map(removalRow))]);
}

export interface StandingLabels {
  readonly standing: readonly LabelMessage[];
  readonly booked: readonly Booking[];
}

/** Rows whose file has another content by now are withdrawn before they were votes. */
export async function withoutRemoved(tx: Transaction, labels: readonly LabelMessage[]): Promise<StandingLabels> {
  const rows = labels.map(({ origin: { path, row, generation } }) => ({ path, row_number: row, generation }));
  const found = await tx.query<{ path: string; row_number: number; generation: number }>(findRemovedRows, [
    JSON.stringify(rows),
  ]);
  const removed = new Set(found.map(({ path, row_number, generation }) => [path, row_number, generation].join('\n')));
  const isRemoved = ({ origin: { path, row, generation } }: LabelMessage) =>
    removed.has([path, row, generation].join('\n'));
  return {
    standing: labels.filter((label) => !isRemoved(label)),
    booked: labels.filter(isRemoved).map(({ origin }) => booking(contentOf(origin), 0, 1)),
  };
}

/**
 * What the removed rows have left so far: labels that wait and rejected rows go at once; the documents in which one of them
 * is a vote, or takes one back, are told, to be judged again.
 */
export async function takeOut(tx: Transaction, removals: Removals) {
  if (removals.length === 0) return { documents: [], booked: [] };
  const json = JSON.stringify(removals.map(removalRow));
  const gone = [
    ...(await tx.query<FileContent>(deleteRemovedWaiting, [json])),
    ...(await tx.query<FileContent>(deleteRemovedRejected, [json])),
  ];
  const named = await tx.query<{ doc_id: string }>(findByDocId, [removals.flatMap(({ doc_id }) => doc_id ?? [])]);
  const found = await tx.query<{ doc_id: string }>(findRemovedDocuments, [json]);
  return {
    documents: [...named, ...found].map(({ doc_id }) => doc_id),
    booked: gone.map((content) => booking(content, 0, 1)),
  };
}
