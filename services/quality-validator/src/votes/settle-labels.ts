import { headers } from '@assay/shared/contracts/headers';
import type { LabelChange, LabelMessage, RemovalMessage } from '@assay/shared/contracts/label-message';
import type { Item, Write } from '@assay/shared/pipeline/lane';
import { headerText, type SourceRecord } from '@assay/shared/pipeline/record';
import type { Transaction } from '@assay/shared/postgres/statement';
import type { Rules } from '../decisions/domain/rules.ts';
import { judgeDocuments } from '../decisions/judge-documents.ts';
import { type Booking, contentKey, contentOf, type FileContent } from './domain/vote-places.ts';
import { compareVoteRows, type VoteRow, voteRowOf } from './domain/vote-row.ts';
import { bookFileProgress, insertAnnotations, insertReplayedLabels, readFileProgress } from './labels.sql.ts';
import { type Matched, matchDocuments } from './match-documents.ts';
import { placeVotes, type VotePlace } from './place-votes.ts';
import { noteRemovals, takeOut, withoutRemoved } from './remove-rows.ts';
import { storeWithdrawals } from './store-withdrawals.ts';

type Labels = readonly LabelMessage[];

interface Changes {
  readonly labels: Labels;
  readonly removals: readonly RemovalMessage[];
}

interface Settled {
  /** Labels that changed nothing, because an equal row was there. */
  readonly repeats: number;
  readonly booked: readonly Booking[];
}

/**
 * Label rows become votes, and the documents they are about are judged again, in the transaction that moves the ledger.
 * Nothing here leaves Postgres: Debezium carries the decisions on.
 */
export const settleLabels = (rules: Rules): Write<LabelChange, readonly Item<LabelChange>[], Transaction> => ({
  durability: 'synchronous',
  prepare: async (items) => items,
  async apply(tx, items) {
    const partition = items[0]!.record.partition;
    const labels = items.flatMap(({ record, value }) => (value.op === 'remove' ? [] : { record, value }));
    const removals = items.flatMap(({ value }) => (value.op === 'remove' ? value : []));
    const fresh = await withoutRedelivered(tx, partition, labels);
    const { repeats, booked } = await settle(tx, partition, { labels: fresh, removals }, rules);
    await book(tx, partition, fresh, booked);
    return { duplicate: labels.length - fresh.length + repeats };
  },
});

/** Labels that waited for their document, now that it is here. Their rows are on the files' progress already. */
export async function settleWaiting(tx: Transaction, partition: number, labels: Labels, rules: Rules): Promise<void> {
  const { booked } = await settle(tx, partition, { labels, removals: [] }, rules);
  await book(tx, partition, [], booked);
}

/**
 * A content's rows come in order within a partition, so everything at or below its last row has been here before: in an
 * earlier batch, or in this one when the bridge died half-way through a file and sent it again. A removal may come as often
 * as it likes.
 */
async function withoutRedelivered(
  tx: Transaction,
  partition: number,
  labels: readonly Item<LabelMessage>[],
): Promise<Labels> {
  if (labels.length === 0) return [];
  const replayed = await firstReplays(tx, labels);
  const contents = labels.map(({ value }) => contentOf(value.origin));
  const files = [...new Map(contents.map((content) => [contentKey(content), content])).values()];
  const known = await tx.query<FileContent & { last_row: number }>(readFileProgress, [
    partition,
    JSON.stringify(files),
  ]);
  const lastRows = new Map(known.map((file) => [contentKey(file), file.last_row]));
  return labels.flatMap(({ record, value }) => {
    if (isReplay(record)) return replayed.delete(rowKey(rowOf(value))) ? value : [];
    const key = contentKey(contentOf(value.origin));
    const isFresh = value.origin.row > (lastRows.get(key) ?? 0);
    if (isFresh) lastRows.set(key, value.origin.row);
    return isFresh ? value : [];
  });
}

/** A dead letter that was replayed: its row never counted, however far its file has got since. */
const isReplay = ({ headers: given }: SourceRecord): boolean => headerText(given, headers.replay.of) !== undefined;

interface ContentRow extends FileContent {
  readonly row_number: number;
}

const rowOf = ({ origin }: LabelMessage): ContentRow => ({ ...contentOf(origin), row_number: origin.row });
const rowKey = (row: ContentRow): string => `${contentKey(row)}\n${row.row_number}`;

/** The rows of replays that are replayed for the first time. */
async function firstReplays(tx: Transaction, labels: readonly Item<LabelMessage>[]): Promise<Set<string>> {
  const rows = labels.flatMap(({ record, value }) => (isReplay(record) ? rowOf(value) : []));
  if (rows.length === 0) return new Set();
  const first = await tx.query<ContentRow>(insertReplayedLabels, [JSON.stringify(rows)]);
  return new Set(first.map(rowKey));
}

async function settle(tx: Transaction, partition: number, changes: Changes, rules: Rules): Promise<Settled> {
  const { removals } = changes;
  await noteRemovals(tx, removals);
  const labels = await withoutRemoved(tx, changes.labels);
  const matched = await matchDocuments(tx, partition, labels.standing);
  const again = await storeVotes(
    tx,
    matched.filter(({ message }) => message.op === 'vote'),
  );
  const withdrawn = await storeWithdrawals(
    tx,
    matched.filter(({ message }) => message.op === 'withdraw'),
  );
  const removed = await takeOut(tx, removals);
  const documents = [...matched.map(({ docId }) => docId), ...withdrawn.documents, ...removed.documents];
  const docIds = [...new Set(documents)].toSorted();
  const placed = await placeVotes(tx, docIds, again, removals.length > 0);
  await judgeDocuments(tx, docIds, partition, rules);
  return { repeats: again.length + withdrawn.repeats, booked: [...labels.booked, ...removed.booked, ...placed] };
}

/** Answers the places of votes that were there already, in this batch or before it. */
async function storeVotes(tx: Transaction, votes: readonly Matched[]): Promise<readonly VotePlace[]> {
  if (votes.length === 0) return [];
  const rows = votes.map(({ docId, message }) => voteRowOf(docId, message));
  const first = new Map<string, VoteRow>();
  for (const row of rows) {
    const known = first.get(row.annotation_id);
    if (known === undefined || compareVoteRows(row, known) < 0) first.set(row.annotation_id, row);
  }
  const stored = await tx.query<{ annotation_id: string }>(insertAnnotations, [JSON.stringify([...first.values()])]);
  const inserted = new Set(stored.map(({ annotation_id }) => annotation_id));
  return rows.filter((row) => !inserted.has(row.annotation_id) || first.get(row.annotation_id) !== row).map(placeOf);
}

const placeOf = (row: VoteRow): VotePlace => ({
  annotation_id: row.annotation_id,
  path: row.raw_annotation_path,
  row_number: row.raw_row,
  generation: row.generation,
  file_sha256: row.file_sha256,
  tool: row.tool,
  tool_annotation_id: row.tool_annotation_id,
});

/** How far each content got in the partition, and what its rows count as besides being votes. */
async function book(tx: Transaction, partition: number, labels: Labels, booked: readonly Booking[]): Promise<void> {
  const files = new Map<string, FileContent & { -readonly [counter in Counter]: number }>();
  const fileOf = ({ path, generation, file_sha256 }: FileContent) => {
    const content = { path, generation, file_sha256 };
    const known = files.get(contentKey(content)) ?? { ...content, ...NOTHING };
    files.set(contentKey(content), known);
    return known;
  };
  for (const { origin } of labels) {
    const file = fileOf(contentOf(origin));
    file.last_row = Math.max(file.last_row, origin.row);
    file.row_count++;
  }
  for (const { duplicate_count, withdrawn_count, ...content } of booked) {
    const file = fileOf(content);
    file.duplicate_count += duplicate_count;
    file.withdrawn_count += withdrawn_count;
  }
  const rows = [...files.values()].map((file) => ({ ...file, partition }));
  if (rows.length > 0) await tx.query(bookFileProgress, [JSON.stringify(rows)]);
}

type Counter = keyof typeof NOTHING;
const NOTHING = { last_row: 0, row_count: 0, duplicate_count: 0, withdrawn_count: 0 };
