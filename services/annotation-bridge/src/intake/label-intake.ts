import { createHash } from 'node:crypto';
import type { RejectedFile } from '@assay/labels/label-file';
import { isLabelFileName } from '@assay/labels/label-file-name';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import { topics } from '@assay/shared/contracts/topics';
import { MIB } from '@assay/shared/contracts/units';
import type { Log } from '@assay/shared/pipeline/log';
import type { TopicWriter } from '@assay/shared/pipeline/topic-writer';
import type { Postgres } from '@assay/shared/postgres/postgres';
import type { LabelEntry, LabelFileName } from './domain/label-entry.ts';
import { notesOnRejected } from './domain/label-file-scan.ts';
import { type MaskedCounts, sumOf } from './domain/label-privacy.ts';
import { FILE_MAX_BYTES, isGrowing, type ListedFile, nameFault, shownPath } from './domain/listed-file.ts';
import { RejectedRows } from './domain/rejected-rows.ts';
import { type FileRead, type LabelFileReader, UnreadableFileError } from './label-file-reader.ts';
import { placedWriter } from './label-placement.ts';
import { isContentKnown, knownAmong, type ReadFile, rememberFile, wantedAgain } from './label-files.sql.ts';

interface Parts {
  readonly blobs: Pick<BlobStore, 'list' | 'read'>;
  readonly postgres: Postgres;
  readonly writer: TopicWriter;
  readonly reader: LabelFileReader;
  readonly log: Log;
  readonly now?: () => Date;
}

const PAGE = 500;
/** A thread can also end for want of memory that others took; not three times in a row. */
const TRIES = 3;

/**
 * Label files become messages. The risky region, for each file: every row is acknowledged by Kafka, then one transaction
 * remembers the file. A crash in between sends the rows once more; the validator knows them by (path, sha256, row) and
 * counts them for nothing. A file replaced in place is another content, and is read as another file.
 */
export class LabelIntake {
  readonly #parts: Parts;
  /** What this process has seen, by path: spares the database, and a file whose content is known but not its etag. */
  readonly #seen = new Map<string, string>();
  /** How often a version of a file ended the thread that read it. */
  readonly #failures = new Map<string, number>();
  #passedOver = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Reads what is new in the container, or among what begins with a path. Answers whether there was anything. */
  async round(stopping: AbortSignal, path = ''): Promise<boolean> {
    let found = 0;
    let passedOver = 0;
    for (const wanted of await wantedAgain(this.#parts.postgres)) this.#seen.delete(wanted);
    for await (const page of pagesOf(this.#parts.blobs.list(path), PAGE)) {
      const named = page.filter(({ name }) => isLabelFileName(name));
      passedOver += page.length - named.length;
      const now = (this.#parts.now ?? (() => new Date()))();
      const whole = named.filter((blob) => !isGrowing(blob, now));
      for (const file of await this.#selectNew(whole.map(({ name: path, etag, size }) => ({ path, etag, size })))) {
        if (stopping.aborted) return false;
        if (await this.#takeIn(file, stopping)) found++;
      }
    }
    if (path === '') this.#tellPassedOver(passedOver);
    return found > 0;
  }

  /** Markers, checksums and files that are still being written: nobody waits for them, so only their number is told. */
  #tellPassedOver(count: number): void {
    if (count !== this.#passedOver)
      this.#parts.log.debug({ count }, 'Files whose names say that they are no label files are passed over.');
    this.#passedOver = count;
  }

  async #selectNew(listed: readonly ListedFile[]): Promise<readonly ListedFile[]> {
    const unseen = listed.filter(({ path, etag }) => this.#seen.get(path) !== etag);
    const candidates = unseen.filter((file) => {
      const fault = nameFault(file.path);
      if (fault !== null) this.#passBy(file, fault);
      return fault === null;
    });
    if (candidates.length === 0) return [];
    const known = await knownAmong(this.#parts.postgres, candidates);
    for (const { path, etag } of candidates) if (known.has(path)) this.#seen.set(path, etag);
    return candidates.filter(({ path }) => !known.has(path));
  }

  /** Said once: somebody waits for this file to be read. */
  #passBy({ path, etag }: ListedFile, fault: string): void {
    this.#seen.set(path, etag);
    this.#parts.log.warn({ path: shownPath(path) }, fault);
  }

  async #takeIn(file: ListedFile, stopping: AbortSignal): Promise<boolean> {
    const { path, etag, size } = file;
    if (size > FILE_MAX_BYTES) {
      const detail = `more than ${FILE_MAX_BYTES / MIB} MiB; split it`;
      return this.#setAside(file, notTheHash(file), { kind: 'rejected', reason: 'too_large', rows: 0, detail });
    }
    const bytes = await this.#parts.blobs.read(path, { etag });
    if (bytes === null) return false; // deleted or replaced since it was listed; the next listing tells
    const name = { path, sha256: createHash('sha256').update(bytes).digest('hex') };
    if (await isContentKnown(this.#parts.postgres, name)) {
      this.#seen.set(path, etag);
      return false;
    }
    try {
      const read = await this.#publish(name, bytes, stopping);
      if (read === null) return false;
      await this.#remember({ ...read, name, etag, size });
      return true;
    } catch (error) {
      if (!(error instanceof UnreadableFileError)) throw error;
      return this.#tellUnreadable(file, name, error);
    }
  }

  /** The others go on. It is tried again in the rounds after this one, and not for ever. */
  async #tellUnreadable(file: ListedFile, name: LabelFileName, error: UnreadableFileError): Promise<boolean> {
    const { path, etag } = file;
    const failures = (this.#failures.get(`${path}\n${etag}`) ?? 0) + 1;
    this.#failures.set(`${path}\n${etag}`, failures);
    this.#parts.log.warn({ path, failures, detail: error.message }, 'A label file ended the thread that read it.');
    if (failures < TRIES) return false;
    return this.#setAside(file, name.sha256, {
      kind: 'rejected',
      reason: 'unreadable',
      rows: 0,
      detail: error.message,
    });
  }

  async #setAside({ path, etag, size }: ListedFile, sha256: string, outcome: RejectedFile): Promise<boolean> {
    this.#failures.delete(`${path}\n${etag}`);
    await this.#remember({ ...nothingOf(outcome), name: { path, sha256 }, etag, size });
    return true;
  }

  /** Null when the service is stopping: the file is read again from its first row after the next start. */
  async #publish(name: LabelFileName, bytes: Uint8Array, stopping: AbortSignal): Promise<Published | null> {
    const writer = await placedWriter(this.#parts.postgres, this.#parts.writer, name.path);
    let published = 0;
    let masked: MaskedCounts = {};
    const rejected = new RejectedRows();
    const handle = async (entries: readonly LabelEntry[]) => {
      if (stopping.aborted) throw new StoppedError();
      const messages = entries.filter((entry) => entry.kind === 'message');
      await writer.write(topics.labels, messages);
      published += messages.length;
      for (const entry of entries) if (entry.kind === 'rejected') rejected.add(entry);
      masked = sumOf(masked, ...entries.map((entry) => entry.masked));
    };
    try {
      const read = await this.#parts.reader.read({ name, bytes }, handle);
      return stopping.aborted ? null : { ...read, published, rejected, masked };
    } catch (error) {
      if (error instanceof StoppedError) return null;
      throw error;
    }
  }

  async #remember(file: ReadFile): Promise<void> {
    const { name, etag, outcome } = file;
    await this.#parts.postgres.transaction('synchronous', (tx) => rememberFile(tx, file));
    this.#seen.set(name.path, etag);
    if (outcome.kind === 'rejected')
      this.#parts.log.warn(
        { path: name.path, reason: outcome.reason },
        'A label file was rejected; none of its rows count.',
      );
  }
}

class StoppedError extends Error {}

type Published = FileRead & Pick<ReadFile, 'published' | 'rejected' | 'masked'>;

const nothingOf = (outcome: RejectedFile): Published => ({
  outcome,
  notes: notesOnRejected(outcome),
  published: 0,
  rejected: new RejectedRows(),
  masked: {},
});

/** Nobody reads so much to find out what it is called: this version of it is known by its etag. */
const notTheHash = ({ etag }: ListedFile): string => `unread:${etag}`;

async function* pagesOf<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[]> {
  let page: T[] = [];
  for await (const item of items) {
    page.push(item);
    if (page.length < size) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
