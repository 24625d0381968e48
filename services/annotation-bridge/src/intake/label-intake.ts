import { createHash } from 'node:crypto';
import type { RejectedFile } from '@assay/labels/label-file';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import { MIB } from '@assay/shared/contracts/units';
import type { Log } from '@assay/shared/pipeline/log';
import { ContentLostError, ContentSending, type SendingParts, StoppedError } from './content-sending.ts';
import {
  beginContent,
  giveContentUp,
  knownAmong,
  nameContent,
  type NewestContent,
  newestContent,
} from './contents.sql.ts';
import { notesOnRejected } from './domain/label-file-scan.ts';
import { FILE_MAX_BYTES, type ListedFile } from './domain/listed-file.ts';
import { type FileRead, UnreadableFileError } from './label-file-reader.ts';
import { wantedAgain } from './label-files.sql.ts';
import { placedWriter } from './label-placement.ts';
import { LabelListing, type ListedPage } from './listing.ts';
import { sendAgain } from './send-again.ts';

interface Parts extends SendingParts {
  readonly blobs: Pick<BlobStore, 'list' | 'read'>;
  readonly log: Log;
  readonly now?: () => Date;
}

/** A thread can also end for want of memory that others took; not three times in a row. */
const TRIES = 3;

/**
 * Label files become messages. The newest content of a path stands for that path: of a file that was replaced, what changed is
 * sent, and what is no longer in it is taken back (content-sending.ts). A crash half-way sends the rows once more; the
 * validator knows them by path, content and row, and counts them for nothing.
 */
export class LabelIntake {
  readonly #parts: Parts;
  readonly #listing: LabelListing;
  /** Pages of the listing on which everything was read as it stands: they cost no query until they change. */
  readonly #readPages = new Map<number, string>();
  /** How often a version of a file ended the thread that read it. */
  readonly #failures = new Map<string, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#listing = new LabelListing(parts.blobs, parts.log);
  }

  /**
   * Reads what is new on the next page of the listing, or among what begins with a path. Answers whether there was anything.
   */
  async round(stopping: AbortSignal, path = ''): Promise<boolean> {
    const now = (this.#parts.now ?? (() => new Date()))();
    if (path !== '') return this.#readAll(await this.#unknown(await this.#listing.below(path, now)), stopping);
    if ((await wantedAgain(this.#parts.postgres)).length > 0) this.#readPages.clear();
    const page = await this.#listing.nextPage(now);
    if (this.#readPages.get(page.number) === page.digest) return false;
    return this.#readAll(await this.#selectNew(page), stopping);
  }

  async #readAll(files: readonly ListedFile[], stopping: AbortSignal): Promise<boolean> {
    let found = 0;
    for (const file of files) {
      if (stopping.aborted) return false;
      if (await this.#takeIn(file, stopping)) found++;
    }
    return found > 0;
  }

  async #selectNew({ number, files, digest, isSettled }: ListedPage): Promise<readonly ListedFile[]> {
    const unknown = await this.#unknown(files);
    if (isSettled && unknown.length === 0) this.#readPages.set(number, digest);
    else this.#readPages.delete(number);
    return unknown;
  }

  async #unknown(files: readonly ListedFile[]): Promise<readonly ListedFile[]> {
    if (files.length === 0) return [];
    const known = await knownAmong(this.#parts.postgres, files);
    return files.filter(({ path }) => !known.has(path));
  }

  async #takeIn(file: ListedFile, stopping: AbortSignal): Promise<boolean> {
    const { path, etag, size } = file;
    if (size > FILE_MAX_BYTES) {
      const detail = `more than ${FILE_MAX_BYTES / MIB} MiB; split it`;
      return this.#send({ file, sha256: notTheHash(file), read: setAside('too_large', detail) }, stopping);
    }
    const bytes = await this.#parts.blobs.read(path, { etag });
    if (bytes === null) return false; // deleted or replaced since it was listed; the next listing tells
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    try {
      return await this.#send({ file, sha256, bytes }, stopping);
    } catch (error) {
      if (!(error instanceof UnreadableFileError)) throw error;
      return this.#tellUnreadable(file, sha256, error, stopping);
    }
  }

  /** Sends a content, unless it is the one that stands for the path already. */
  async #send(found: FoundContent, stopping: AbortSignal): Promise<boolean> {
    const { file, sha256 } = found;
    const { postgres } = this.#parts;
    const newest = await newestContent(postgres, file.path);
    const content = { path: file.path, generation: generationOf(newest, sha256), sha256 };
    const isBegun = newest?.generation === content.generation;
    const parts = { ...this.#parts, writer: await placedWriter(postgres, this.#parts.writer, file.path) };
    try {
      if (isBegun && newest.is_sent) {
        await nameContent(postgres, file.path, content.generation, file.etag);
        if (newest.is_wanted_again && 'bytes' in found) await sendAgain(parts, content, found.bytes, stopping);
        return false;
      }
      if (!isBegun && !(await beginContent(postgres, content, file.etag))) return false;
      const whole = newest?.whole_generation ?? null;
      const sending = new ContentSending(parts, { content, whole }, stopping);
      const read = 'bytes' in found ? await sending.sendRows(found.bytes) : found.read;
      await sending.sendRemovals();
      await sending.remember(file, read);
      this.#tell(file, read);
      return true;
    } catch (error) {
      if (error instanceof StoppedError) return false;
      if (!(error instanceof ContentLostError)) throw error;
      await giveContentUp(postgres, content.path, sha256);
      return false;
    }
  }

  /** The others go on. It is tried again in the rounds after this one, and not for ever. */
  async #tellUnreadable(
    file: ListedFile,
    sha256: string,
    error: UnreadableFileError,
    stopping: AbortSignal,
  ): Promise<boolean> {
    const { path, etag } = file;
    const failures = (this.#failures.get(`${path}\n${etag}`) ?? 0) + 1;
    this.#failures.set(`${path}\n${etag}`, failures);
    this.#parts.log.warn({ path, failures, detail: error.message }, 'A label file ended the thread that read it.');
    if (failures < TRIES) return false;
    this.#failures.delete(`${path}\n${etag}`);
    // Some of its rows may have been sent: the next generation, which has none, takes them back.
    await giveContentUp(this.#parts.postgres, path, sha256);
    return this.#send({ file, sha256, read: setAside('unreadable', error.message) }, stopping);
  }

  #tell({ path }: ListedFile, { outcome }: FileRead): void {
    if (outcome.kind === 'rejected')
      this.#parts.log.warn({ path, reason: outcome.reason }, 'A label file was rejected; none of its rows count.');
  }
}

/** Bytes of which nothing is known yet, or a file that was not read and why. */
type FoundContent = { readonly file: ListedFile; readonly sha256: string } & (
  | { readonly bytes: Uint8Array }
  | { readonly read: FileRead }
);

/** A content that was not sent whole is sent again under its generation; any other one is the next of its path. */
function generationOf(newest: NewestContent | null, sha256: string): number {
  if (newest === null) return 1;
  return newest.sha256 === sha256 ? newest.generation : newest.generation + 1;
}

function setAside(reason: 'too_large' | 'unreadable', detail: string): FileRead {
  const outcome: RejectedFile = { kind: 'rejected', reason, rows: 0, detail };
  return { outcome, notes: notesOnRejected(outcome) };
}

/** Nobody reads so much to find out what it is called: this version of it is known by its etag. */
const notTheHash = ({ etag }: ListedFile): string => `unread:${etag}`;
