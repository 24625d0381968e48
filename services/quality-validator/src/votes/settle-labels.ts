import type { LabelMessage } from '@assay/shared/contracts/label-message';
import { headers } from '@assay/shared/contracts/headers';
import type { Item, Write } from '@assay/shared/pipeline/lane';
import { headerText, type SourceRecord } from '@assay/shared/pipeline/record';
import type { Transaction } from '@assay/shared/postgres/statement';
import { annotationIdOf, compareVoteRows, toolIdOf, voteRowOf } from './domain/vote-row.ts';
import type { Rules } from '../decisions/domain/rules.ts';
import {
  bookFileProgress,
  findByDocId,
  findByText,
  findWithdrawnDocuments,
  insertAnnotations,
  insertRejected,
  insertReplayedLabels,
  insertUnmatched,
  insertVoteOrigins,
  insertWithdrawals,
  readFileProgress,
} from './labels.sql.ts';
import { judgeDocuments } from '../decisions/judge-documents.ts';

type Labels = readonly LabelMessage[];
type Matched = { readonly docId: string; readonly message: LabelMessage };

/**
 * Label rows become votes, and the documents they are about are judged again, in the transaction that moves the ledger.
 * Nothing here leaves Postgres: Debezium carries the decisions on.
 */
export const settleLabels = (rules: Rules): Write<LabelMessage, readonly Item<LabelMessage>[], Transaction> => ({
  durability: 'synchronous',
  prepare: async (items) => items,
  async apply(tx, items) {
    const partition = items[0]!.record.partition;
    const labels = items.map(({ value }) => value);
    const fresh = await withoutRedelivered(tx, partition, items);
    const duplicates = await settle(tx, partition, fresh, rules);
    await tx.query(bookFileProgress, [JSON.stringify(progressOf(partition, fresh, duplicates))]);
    return { duplicate: labels.length - fresh.length + duplicates.length };
  },
});

/** Labels that waited for their document, now that it is here. Their rows are on the files' progress already. */
export async function settleWaiting(tx: Transaction, partition: number, labels: Labels, rules: Rules): Promise<void> {
  const duplicates = await settle(tx, partition, labels, rules);
  const progress = progressOf(partition, labels, duplicates).map((file) => ({ ...file, last_row: 0, row_count: 0 }));
  await tx.query(bookFileProgress, [JSON.stringify(progress)]);
}

/**
 * A file's rows come in order within a partition, so everything at or below its last row has been here before: in an earlier
 * batch, or in this one when the bridge died half-way through a file and sent it again.
 */
async function withoutRedelivered(
  tx: Transaction,
  partition: number,
  items: readonly Item<LabelMessage>[],
): Promise<Labels> {
  const labels = items.map(({ value }) => value);
  const replayed = await firstReplays(tx, items);
  const files = [...new Map(labels.map(({ origin }) => [fileKey(origin), fileOf(origin)])).values()];
  const known = await tx.query<{ path: string; file_sha256: string; last_row: number }>(readFileProgress, [
    partition,
    JSON.stringify(files),
  ]);
  const lastRows = new Map(known.map(({ path, file_sha256, last_row }) => [`${path}\n${file_sha256}`, last_row]));
  return items.flatMap(({ record, value }) => {
    const { origin } = value;
    if (isReplay(record)) return replayed.delete(rowKey(origin)) ? value : [];
    const isFresh = origin.row > (lastRows.get(fileKey(origin)) ?? 0);
    if (isFresh) lastRows.set(fileKey(origin), origin.row);
    return isFresh ? value : [];
  });
}

/** A dead letter that was replayed: its row never counted, however far its file has got since. */
const isReplay = ({ headers: given }: SourceRecord): boolean => headerText(given, headers.replay.of) !== undefined;

/** The rows of replays that are replayed for the first time. */
async function firstReplays(tx: Transaction, items: readonly Item<LabelMessage>[]): Promise<Set<string>> {
  const origins = items.flatMap(({ record, value }) => (isReplay(record) ? value.origin : []));
  if (origins.length === 0) return new Set();
  const rows = origins.map((origin) => ({ ...fileOf(origin), row_number: origin.row }));
  const first = await tx.query<{ path: string; file_sha256: string; row_number: number }>(insertReplayedLabels, [
    JSON.stringify(rows),
  ]);
  return new Set(
    first.map(({ path, file_sha256, row_number }) => rowKey({ path, sha256: file_sha256, row: row_number })),
  );
}

/** Answers the labels that changed nothing because an equal row was there. */
async function settle(tx: Transaction, partition: number, labels: Labels, rules: Rules): Promise<Labels> {
  if (labels.length === 0) return [];
  const matched = await matchDocuments(tx, partition, labels);
  const votes = matched.filter(({ message }) => message.op === 'vote');
  const withdrawals = matched.filter(({ message }) => message.op === 'withdraw');
  const inserted = await storeVotes(tx, votes);
  const withdrawn = await storeWithdrawals(tx, withdrawals);
  const touched = [...matched.map(({ docId }) => docId), ...withdrawn.documents];
  await judgeDocuments(tx, [...new Set(touched)].toSorted(), partition, rules);
  return [
    ...repeatsAmong(votes, inserted, ({ docId, message }) => annotationIdOf(docId, message)),
    ...withdrawn.repeats,
  ];
}

/** Finds each label's document, by id or by a text that only one document has. The rest waits, or is rejected at once. */
async function matchDocuments(tx: Transaction, partition: number, labels: Labels): Promise<readonly Matched[]> {
  const ids = labels.flatMap(({ doc_id }) => doc_id ?? []);
  const hashes = labels.flatMap(({ doc_id, text_hash }) => (doc_id === null ? (text_hash ?? []) : []));
  const byId = new Set((await tx.query<{ doc_id: string }>(findByDocId, [ids])).map(({ doc_id }) => doc_id));
  const texts = await tx.query<{ text_hash: string; doc_id: string; documents: number }>(findByText, [hashes]);
  const byText = new Map(texts.map((found) => [found.text_hash, found]));
  const matched: Matched[] = [];
  const unmatched: LabelMessage[] = [];
  const ambiguous: LabelMessage[] = [];
  for (const message of labels) {
    const found = message.doc_id === null ? byText.get(message.text_hash ?? '') : undefined;
    const docId = message.doc_id === null ? found?.doc_id : byId.has(message.doc_id) ? message.doc_id : undefined;
    if (docId === undefined) unmatched.push(message);
    else if ((found?.documents ?? 1) > 1) ambiguous.push(message);
    else matched.push({ docId, message });
  }
  if (unmatched.length > 0) await tx.query(insertUnmatched, [JSON.stringify(unmatched.map(waitingRow)), partition]);
  if (ambiguous.length > 0) await tx.query(insertRejected, [JSON.stringify(ambiguous.map(ambiguousRow))]);
  return matched;
}

async function storeVotes(tx: Transaction, votes: readonly Matched[]): Promise<ReadonlySet<string>> {
  const rows = new Map<string, ReturnType<typeof voteRowOf>>();
  for (const { docId, message } of votes) {
    const row = voteRowOf(docId, message);
    const known = rows.get(row.annotation_id);
    // Of equal rows the first in row order stands. Those of earlier batches meet it in the database.
    if (known === undefined || compareVoteRows(row, known) < 0) rows.set(row.annotation_id, row);
  }
  if (rows.size === 0) return new Set();
  const stored = await tx.query<{ annotation_id: string; inserted: boolean }>(insertAnnotations, [
    JSON.stringify([...rows.values()]),
  ]);
  await tx.query(insertVoteOrigins, [JSON.stringify(votes.map(originOf))]);
  return new Set(stored.flatMap(({ annotation_id, inserted }) => (inserted ? annotation_id : [])));
}

/** A row that its tool gave no id can only be taken back by an equal one. */
const originOf = ({ docId, message }: Matched) => ({
  annotation_id: annotationIdOf(docId, message),
  tool: message.origin.tool,
  tool_annotation_id: toolIdOf(message) ?? '',
});

/** A withdrawal names the tool's own id; without one it names the row it equals. */
async function storeWithdrawals(tx: Transaction, withdrawals: readonly Matched[]) {
  if (withdrawals.length === 0) return { documents: [], repeats: [] };
  const rows = withdrawals.map(({ docId, message }) => ({
    ...withdrawalKey(docId, message),
    raw_annotation_path: message.origin.path,
    raw_row: message.origin.row,
  }));
  const json = JSON.stringify(rows);
  const inserted = await tx.query<{ tool: string; tool_annotation_id: string }>(insertWithdrawals, [json]);
  const documents = await tx.query<{ doc_id: string }>(findWithdrawnDocuments, [json]);
  const isNew = new Set(inserted.map(({ tool, tool_annotation_id }) => `${tool}\n${tool_annotation_id}`));
  const keyOf = ({ docId, message }: Matched) => Object.values(withdrawalKey(docId, message)).join('\n');
  return { documents: documents.map(({ doc_id }) => doc_id), repeats: repeatsAmong(withdrawals, isNew, keyOf) };
}

function withdrawalKey(docId: string, message: LabelMessage) {
  const tool_annotation_id = toolIdOf(message);
  return tool_annotation_id === null
    ? { tool: 'content', tool_annotation_id: annotationIdOf(docId, message) }
    : { tool: message.origin.tool, tool_annotation_id };
}

/** The labels that are not the first of their key among the new ones: repeats of something known, or of each other. */
function repeatsAmong(
  labels: readonly Matched[],
  fresh: ReadonlySet<string>,
  keyOf: (label: Matched) => string,
): Labels {
  const left = new Set(fresh);
  return labels.flatMap((label) => (left.delete(keyOf(label)) ? [] : label.message));
}

const fileOf = ({ path, sha256 }: LabelMessage['origin']) => ({ path, file_sha256: sha256 });
const fileKey = ({ path, sha256 }: Pick<LabelMessage['origin'], 'path' | 'sha256'>): string => `${path}\n${sha256}`;
const rowKey = (origin: Pick<LabelMessage['origin'], 'path' | 'sha256' | 'row'>): string =>
  `${fileKey(origin)}\n${origin.row}`;

const waitingRow = (message: LabelMessage) => ({
  ...fileOf(message.origin),
  row_number: message.origin.row,
  doc_id: message.doc_id,
  text_hash: message.text_hash,
  message,
});

const ambiguousRow = (message: LabelMessage) => ({
  ...fileOf(message.origin),
  row_number: message.origin.row,
  reason: 'ambiguous_document',
  record: message,
});

function progressOf(partition: number, labels: Labels, duplicates: Labels) {
  const files = new Map<string, { last_row: number; row_count: number; duplicate_count: number }>();
  const fileAt = (origin: LabelMessage['origin']) => {
    const known = files.get(fileKey(origin));
    const file = known ?? { ...fileOf(origin), partition, last_row: 0, row_count: 0, duplicate_count: 0 };
    files.set(fileKey(origin), file);
    return file;
  };
  for (const { origin } of labels) {
    const file = fileAt(origin);
    file.last_row = Math.max(file.last_row, origin.row);
    file.row_count++;
  }
  for (const { origin } of duplicates) fileAt(origin).duplicate_count++;
  return [...files.values()];
}
