import type { RemovalMessage } from '@assay/shared/contracts/label-message';
import { topics } from '@assay/shared/contracts/topics';
import type { OutgoingMessage, TopicWriter } from '@assay/shared/pipeline/topic-writer';
import type { Postgres } from '@assay/shared/postgres/postgres';
import {
  endContent,
  hasRowsBeyond,
  rowsBefore,
  rowsBeforeGenerations,
  rowsBetween,
  storeRows,
} from './contents.sql.ts';
import { KeptRows, keptRecord } from './domain/kept-rows.ts';
import { DOC_ID_LENGTH, type LabelContent, type LabelEntry } from './domain/label-entry.ts';
import { type MaskedCounts, sumOf } from './domain/label-privacy.ts';
import type { ListedFile } from './domain/listed-file.ts';
import { RejectedRows } from './domain/rejected-rows.ts';
import type { RowRecord } from './domain/row-record.ts';
import type { FileRead, FileToRead, LabelFileReader } from './label-file-reader.ts';
import { rememberFile } from './label-files.sql.ts';

export interface SendingParts {
  readonly postgres: Postgres;
  /** To the partitions of the path (label-placement.ts). */
  readonly writer: TopicWriter;
  readonly reader: LabelFileReader;
}

export interface ContentToSend {
  readonly content: LabelContent;
  /** Generation of the newest content of the path that was sent whole; null when none was. */
  readonly whole: number | null;
}

/** The service is stopping; the content is sent again after the next start. */
export class StoppedError extends Error {}

/** Another instance has begun the next content, or this try reads the rows of the last one differently. */
export class ContentLostError extends Error {}

const REMOVALS_AT_ONCE = 500;

/**
 * One content of a path on its way to the validator: what differs from the content before it. The risky region, for each
 * chunk: what its rows say is stored, then Kafka acknowledges the changed ones; after the last chunk, removals; then one
 * transaction remembers the file. A crash in between does all of it again, under the same generation. Whatever may have been
 * sent is stored before, so that the next content can take it back even when this one is never finished.
 */
export class ContentSending {
  readonly #parts: SendingParts;
  readonly #content: LabelContent;
  readonly #whole: number | null;
  readonly #stopping: AbortSignal;
  readonly #kept = new KeptRows();
  readonly #rejected = new RejectedRows();
  readonly #noLongerRejected: number[] = [];
  #published = 0;
  #lastRow = 0;
  #masked: MaskedCounts = {};

  constructor(parts: SendingParts, { content, whole }: ContentToSend, stopping: AbortSignal) {
    this.#parts = parts;
    this.#content = content;
    this.#whole = whole;
    this.#stopping = stopping;
  }

  /** Rows that are new, or say something else than before. */
  async sendRows(bytes: FileToRead['bytes']): Promise<FileRead> {
    const read = await this.#parts.reader.read({ content: this.#content, bytes }, (entries) =>
      this.#sendChunk(entries),
    );
    if (await hasRowsBeyond(this.#parts.postgres, this.#content, this.#lastRow)) throw new ContentLostError();
    return read;
  }

  async #sendChunk(entries: readonly LabelEntry[]): Promise<void> {
    if (this.#stopping.aborted) throw new StoppedError();
    if (entries.length === 0) return;
    const { generation } = this.#content;
    const fresh = entries.map(({ row, key, digest }): RowRecord => ({ row, generation, key, digest }));
    const before = await this.#rowsBefore(fresh);
    const kept = fresh.map((record) => keptRecord(record, before.get(record.row) ?? [], this.#contentsBefore().length));
    const records = fresh.map((record, index) => kept[index] ?? record);
    if (!(await storeRows(this.#parts.postgres, this.#content, records))) throw new ContentLostError();
    for (const record of kept) if (record !== null) this.#kept.add(record.row);
    this.#lastRow = fresh.at(-1)!.row;
    await this.#publish(entries.filter((_entry, index) => kept[index] === null));
  }

  async #publish(entries: readonly LabelEntry[]): Promise<void> {
    const messages = entries.filter((entry) => entry.kind === 'message');
    if (messages.length > 0) await this.#parts.writer.write(topics.labels, messages.map(messageOf));
    this.#published += messages.length;
    for (const entry of entries) if (entry.kind === 'rejected') this.#rejected.add(entry);
    this.#masked = sumOf(this.#masked, ...entries.map((entry) => entry.masked));
  }

  /** Contents whose rows the validator may know: the last whole one, and those that were given up after it. */
  #contentsBefore(): readonly number[] {
    const from = this.#whole;
    if (from === null || from === 0) return [];
    return Array.from({ length: this.#content.generation - from }, (_, index) => from + index);
  }

  async #rowsBefore(rows: readonly RowRecord[]): Promise<ReadonlyMap<number, readonly RowRecord[]>> {
    const generations = this.#contentsBefore();
    if (generations.length === 0) return new Map();
    return rowsBetween(this.#parts.postgres, this.#content.path, generations, [rows[0]!.row, rows.at(-1)!.row]);
  }

  /** After the rows, so that a vote whose row has moved stands somewhere all the time. */
  async sendRemovals(): Promise<void> {
    const { postgres } = this.#parts;
    if (this.#content.generation > 1)
      for await (const records of rowsBefore(postgres, this.#content)) await this.#removeOf(records);
    if (this.#whole === 0)
      for await (const records of rowsBeforeGenerations(postgres, this.#content.path)) await this.#removeOf(records);
  }

  async #removeOf(records: readonly RowRecord[]): Promise<void> {
    if (this.#stopping.aborted) throw new StoppedError();
    const gone = records.filter(({ row }) => !this.#kept.has(row));
    for (const { row, key } of gone) if (key === '') this.#noLongerRejected.push(row);
    const removals = gone.filter(({ key }) => key !== '').map((record) => removalOf(record, this.#content));
    for (let at = 0; at < removals.length; at += REMOVALS_AT_ONCE)
      await this.#parts.writer.write(topics.labels, removals.slice(at, at + REMOVALS_AT_ONCE));
  }

  async remember(file: ListedFile, { outcome, notes }: FileRead): Promise<void> {
    await this.#parts.postgres.transaction('synchronous', async (tx) => {
      if (!(await endContent(tx, this.#content, file.etag))) throw new ContentLostError();
      await rememberFile(tx, {
        content: this.#content,
        file,
        outcome,
        notes,
        published: this.#published,
        kept: this.#kept.count,
        rejected: this.#rejected,
        noLongerRejected: this.#noLongerRejected,
        isFirstCounted: this.#whole === 0,
        masked: this.#masked,
      });
    });
  }
}

const messageOf = ({ key, value }: Extract<LabelEntry, { kind: 'message' }>): OutgoingMessage => ({ key, value });

function removalOf({ row, key }: RowRecord, { path, generation }: LabelContent): OutgoingMessage {
  const isDocId = key.length === DOC_ID_LENGTH;
  const message: RemovalMessage = {
    v: 1,
    op: 'remove',
    doc_id: isDocId ? key : null,
    text_hash: isDocId ? null : key,
    origin: { path, generation, row },
  };
  return { key, value: JSON.stringify(message) };
}
