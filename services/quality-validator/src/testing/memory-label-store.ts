import type { LabelMessage } from '@assay/shared/contracts/label-message';
import { selectStay } from '@assay/shared/postgres/lives';
import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import type { Postgres } from '@assay/shared/postgres/postgres';
import * as sql from '../votes/labels.sql.ts';
import * as places from '../votes/places.sql.ts';
import type { DecisionRow } from '../decisions/domain/judge-document.ts';
import type { FieldCount } from '../decisions/domain/count-votes.ts';
import type { Standing } from '../decisions/domain/standing.ts';
import { compareVoteRows, type VoteRow } from '../votes/domain/vote-row.ts';
import { MemoryPlaces, type Withdrawal } from './memory-places.ts';
import type { SettledState } from './settled-state.ts';

interface FileProgress {
  readonly path: string;
  readonly file_sha256: string;
  readonly generation: number;
  readonly partition: number;
  last_row: number;
  row_count: number;
  duplicate_count: number;
  withdrawn_count: number;
}
interface FileRow {
  readonly path: string;
  readonly file_sha256: string;
  readonly generation: number;
  readonly row_number: number;
}
type Waiting = FileRow & Pick<LabelMessage, 'doc_id' | 'text_hash'> & { message: LabelMessage; partition: number };
type Rejected = FileRow & { readonly reason: string };
type Judged = { annotation_id: string; doc_id: string; status: Standing; reason: string };
type Handler = (...values: never[]) => readonly unknown[];

const keyOf = (...parts: readonly unknown[]): string => parts.join('\n');
const parse = <T>(json: string): T => JSON.parse(json) as T;
const rowKey = ({ path, file_sha256, generation, row_number }: FileRow): string =>
  keyOf(path, file_sha256, generation, row_number);

/**
 * The statements of the validator over maps: what property tests run a thousand histories on. The same property holds it to
 * Postgres (settle-labels.int.spec.ts). One transaction at a time, so locks are nothing here.
 */
export class MemoryLabelStore implements Postgres {
  readonly #documents = new Map<string, string>();
  readonly #progress = new Map<string, FileProgress>();
  readonly #unmatched = new Map<string, Waiting>();
  readonly #rejected = new Map<string, Rejected>();
  readonly #annotations = new Map<string, VoteRow>();
  readonly #withdrawals = new Map<string, Withdrawal>();
  readonly #heads = new Map<
    string,
    { life: number; version: number; verdict: string | null; decision_id: string | null }
  >();
  readonly #decisions = new Map<string, DecisionRow>();
  readonly #standings = new Map<string, Judged>();
  readonly #metrics: Judged[] = [];
  readonly #counts = new Map<string, FieldCount>();
  readonly #places = new MemoryPlaces(this.#documents, this.#annotations, this.#withdrawals);

  addDocument(docId: string, textHash: string): void {
    this.#documents.set(docId, textHash);
  }

  async query<Row>({ name }: Statement, values: readonly unknown[]): Promise<readonly Row[]> {
    const handler = this.#handlers[name] ?? this.#places.handlers[name];
    if (handler === undefined) throw new Error(`the memory store does not know the statement ${name}`);
    return handler(...(values as never[])) as readonly Row[];
  }

  transaction<T>(_durability: 'replayable' | 'synchronous', work: (tx: Transaction) => Promise<T>): Promise<T> {
    return work(this);
  }

  async close(): Promise<void> {}

  state(): SettledState {
    const byDocument = (a: DecisionRow, b: DecisionRow) =>
      a.doc_id === b.doc_id ? a.version - b.version : a.doc_id < b.doc_id ? -1 : 1;
    const sums = Map.groupBy(this.#counts.values(), ({ field, kind, key }) => keyOf(field, kind, key));
    return {
      decisions: [...this.#decisions.values()]
        .toSorted(byDocument)
        .map(({ doc_id, version, verdict, fields }) => ({ doc_id, version, verdict, fields })),
      annotations: [...this.#annotations.values()].map(({ annotation_id, raw_annotation_path, raw_row }) => {
        const { status = null, reason = null } = this.#standings.get(annotation_id) ?? {};
        return { annotation_id, row: `${raw_annotation_path}#${raw_row}`, status, reason };
      }),
      metrics: this.#metrics.map(({ annotation_id, status, reason }) => ({ annotation_id, status, reason })),
      counts: [...sums.values()]
        .map((rows) => ({ ...rows[0]!, n: rows.reduce((sum, { n }) => sum + n, 0) }))
        .filter(({ n }) => n !== 0),
      files: [...this.#progress.values()],
      withdrawals: this.#places.countWithdrawals(),
      waiting: this.#unmatched.size,
      rejected: [...this.#rejected.values()].map(({ path, row_number, reason }) => ({
        row: `${path}#${row_number}`,
        reason,
      })),
    };
  }

  readonly #handlers: Readonly<Record<string, Handler>> = {
    [sql.readFileProgress.name]: (partition: number, files: string) =>
      parse<FileProgress[]>(files).flatMap(
        ({ path, file_sha256, generation }) =>
          this.#progress.get(keyOf(path, file_sha256, generation, partition)) ?? [],
      ),
    [sql.bookFileProgress.name]: (files: string) => parse<FileProgress[]>(files).flatMap((file) => this.#book(file)),
    [sql.findByDocId.name]: (ids: string[]) =>
      ids.filter((doc_id) => this.#documents.has(doc_id)).map((doc_id) => ({ doc_id })),
    [sql.findByText.name]: (hashes: string[]) => hashes.flatMap((text_hash) => this.#findText(text_hash)),
    [sql.insertUnmatched.name]: (rows: string, partition: number) =>
      this.#insert(
        this.#unmatched,
        parse<Waiting[]>(rows).map((row) => ({ ...row, partition })),
        rowKey,
      ),
    [sql.insertRejected.name]: (rows: string) => this.#insert(this.#rejected, parse<Rejected[]>(rows), rowKey),
    [sql.insertAnnotations.name]: (rows: string) => parse<VoteRow[]>(rows).flatMap((row) => this.#insertVote(row)),
    [places.deleteRemovedWaiting.name]: (rows: string) => this.#deleteRemoved(this.#unmatched, parse(rows)),
    [places.deleteRemovedRejected.name]: (rows: string) => this.#deleteRemoved(this.#rejected, parse(rows)),
    [sql.openHeads.name]: (ids: string[]) => {
      const opened = ids.filter((id) => !this.#heads.has(id));
      for (const id of opened) this.#heads.set(id, { life: 1, version: 0, verdict: null, decision_id: null });
      return opened.map((doc_id) => ({ doc_id }));
    },
    [sql.lockHeads.name]: () => [],
    [selectStay.name]: () => [{ life: 1 }],
    [sql.readHeads.name]: (ids: string[]) =>
      ids.map((doc_id) => {
        const head = this.#heads.get(doc_id)!;
        return { doc_id, ...head, fields: this.#decisions.get(head.decision_id ?? '')?.fields ?? {} };
      }),
    [sql.readVotes.name]: (ids: string[]) => ids.flatMap((id) => this.#votesOf(id)),
    [sql.insertDecisions.name]: (rows: string) => {
      for (const row of parse<DecisionRow[]>(rows)) {
        if (this.#decisions.has(row.decision_id)) throw new Error(`decision ${row.decision_id} is there already`);
        this.#decisions.set(row.decision_id, row);
      }
      return [];
    },
    [sql.moveHeads.name]: (rows: string) => {
      for (const { doc_id, life, version, verdict, decision_id } of parse<DecisionRow[]>(rows))
        this.#heads.set(doc_id, { life, version, verdict, decision_id });
      return [];
    },
    [sql.moveStandings.name]: (rows: string) => {
      for (const row of parse<Judged[]>(rows)) this.#standings.set(row.annotation_id, row);
      return [];
    },
    [sql.insertQualityMetrics.name]: (rows: string) => [void this.#metrics.push(...parse<Judged[]>(rows))],
    [sql.addAgreementCounts.name]: (rows: string, shard: number) => {
      for (const row of parse<FieldCount[]>(rows)) {
        const key = keyOf(shard, row.key_digest);
        this.#counts.set(key, { ...row, n: (this.#counts.get(key)?.n ?? 0) + row.n });
      }
      return [];
    },
    [sql.readPairCounts.name]: (digests: string[]) =>
      [...this.#counts.values()].filter(({ pair_digest }) => digests.includes(pair_digest ?? '')),
    [sql.lookAtWaitingLabels.name]: () =>
      [...this.#unmatched.values()].map((row) => ({ ...row, bytes: 1, is_here: this.#isHere(row) })),
    [sql.takeWaitingLabels.name]: (rows: string) =>
      parse<FileRow[]>(rows).flatMap((row) => {
        const taken = this.#unmatched.get(rowKey(row))!;
        return this.#unmatched.delete(rowKey(row)) ? taken : [];
      }),
    'try-advisory-lock': () => [{ locked: true }],
    'next-documents-to-redecide': (after: string) =>
      [...this.#heads.keys()]
        .filter((doc_id) => doc_id > after)
        .toSorted()
        .map((doc_id) => ({ doc_id })),
  };

  #insert<T>(into: Map<string, T>, rows: readonly T[], key: (row: T) => string): readonly T[] {
    const fresh = rows.filter((row) => !into.has(key(row)) && into.set(key(row), row));
    return fresh;
  }

  #book(file: FileProgress): readonly never[] {
    const key = keyOf(file.path, file.file_sha256, file.generation, file.partition);
    const nothing = { last_row: 0, row_count: 0, duplicate_count: 0, withdrawn_count: 0 };
    const known = this.#progress.get(key) ?? { ...file, ...nothing };
    known.last_row = Math.max(known.last_row, file.last_row);
    known.row_count += file.row_count;
    known.duplicate_count += file.duplicate_count;
    known.withdrawn_count += file.withdrawn_count;
    this.#progress.set(key, known);
    return [];
  }

  #findText(text_hash: string) {
    const found = [...this.#documents].filter(([, hash]) => hash === text_hash).map(([docId]) => docId);
    return found.length === 0 ? [] : [{ text_hash, doc_id: found.toSorted()[0], documents: found.length }];
  }

  #insertVote(row: VoteRow) {
    const { annotation_id } = row;
    if (this.#annotations.has(annotation_id)) return [];
    this.#annotations.set(annotation_id, row);
    return [{ annotation_id }];
  }

  #deleteRemoved<T extends FileRow>(from: Map<string, T>, removals: readonly FileRow[]): readonly T[] {
    return [...from].flatMap(([key, row]) => {
      const isGone = removals.some(
        ({ path, row_number, generation }) =>
          path === row.path && row_number === row.row_number && row.generation < generation,
      );
      return isGone && from.delete(key) ? row : [];
    });
  }

  #votesOf(docId: string) {
    return [...this.#annotations.values()]
      .filter(({ doc_id }) => doc_id === docId)
      .toSorted((a, b) => compareVoteRows(a, b) || a.generation - b.generation)
      .map((row) => {
        const { status: standing = null, reason = null } = this.#standings.get(row.annotation_id) ?? {};
        const { is_removed, is_withdrawn } = this.#places.standingOf(row);
        return { ...row, standing, reason, is_removed, is_withdrawn, whole_bytes: null };
      });
  }

  #isHere({ doc_id, text_hash }: Waiting): boolean {
    return doc_id === null ? this.#findText(text_hash ?? '').length > 0 : this.#documents.has(doc_id);
  }
}
