import { createHash } from 'node:crypto';
import { isLabelFileName } from '@assay/labels/label-file-name';
import type { SourceSettings } from '@assay/labels/label-row';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import { topics } from '@assay/shared/contracts/topics';
import type { Log } from '@assay/shared/pipeline/log';
import type { TopicWriter } from '@assay/shared/pipeline/topic-writer';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { forEachChunk, judgeFile, type JudgedFile } from './domain/label-file-scan.ts';
import { type LabelPrivacy, type MaskedCounts, sumOf } from './domain/label-privacy.ts';
import {
  isContentKnown,
  knownAmong,
  type ListedFile,
  rememberFile,
  rememberRejected,
  wantedAgain,
} from './label-files.sql.ts';

interface Parts {
  readonly blobs: Pick<BlobStore, 'list' | 'read'>;
  readonly postgres: Postgres;
  readonly writer: TopicWriter;
  /** What the label files of this system do not say by themselves. */
  readonly settings: SourceSettings;
  readonly privacy: LabelPrivacy;
  readonly log: Log;
}

const PAGE = 500;
/** Label files lie below the day they were dropped; anything else in the container is not ours to read. */
const BELOW_A_DAY = /^\d{4}\/\d{2}\/\d{2}\/./;

/**
 * Label files become messages. The risky region, for each file: every row is acknowledged by Kafka, then one transaction
 * remembers the file. A crash in between sends the rows once more; the validator knows them by (path, sha256, row) and
 * counts them for nothing. A file replaced in place is another content, and is read as another file.
 */
export class LabelIntake {
  private readonly parts: Parts;
  /** What this process has seen, by path: spares the database, and a file whose content is known but not its etag. */
  private readonly seen = new Map<string, string>();
  private passedOver = 0;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Reads what is new. Answers whether there was anything. */
  async round(stopping: AbortSignal): Promise<boolean> {
    let found = 0;
    let passedOver = 0;
    for (const path of await wantedAgain(this.parts.postgres)) this.seen.delete(path);
    for await (const page of pagesOf(this.parts.blobs.list(''), PAGE)) {
      const listed = page.map(({ name: path, etag }) => ({ path, etag })).filter(({ path }) => isLabelFileName(path));
      passedOver += page.length - listed.length;
      for (const file of await this.selectNew(listed)) {
        if (stopping.aborted) return false;
        if (await this.takeIn(file, stopping)) found++;
      }
    }
    this.tellPassedOver(passedOver);
    return found > 0;
  }

  /** Markers, checksums and files that are still being written: nobody waits for them, so only their number is told. */
  private tellPassedOver(count: number): void {
    if (count !== this.passedOver)
      this.parts.log.debug({ count }, 'Files whose names say that they are no label files are passed over.');
    this.passedOver = count;
  }

  private async selectNew(listed: readonly ListedFile[]): Promise<readonly ListedFile[]> {
    const unseen = listed.filter(({ path, etag }) => this.seen.get(path) !== etag);
    for (const file of unseen.filter(({ path }) => !BELOW_A_DAY.test(path))) this.passBy(file);
    const candidates = unseen.filter(({ path }) => BELOW_A_DAY.test(path));
    if (candidates.length === 0) return [];
    const known = await knownAmong(this.parts.postgres, candidates);
    for (const { path, etag } of candidates) if (known.has(path)) this.seen.set(path, etag);
    return candidates.filter(({ path }) => !known.has(path));
  }

  /** Said once: somebody waits for this file to be read. */
  private passBy({ path, etag }: ListedFile): void {
    this.seen.set(path, etag);
    this.parts.log.warn(
      { path },
      'This file is not below YYYY/MM/DD/ and is not read; move it there if it has labels.',
    );
  }

  private async takeIn({ path, etag }: ListedFile, stopping: AbortSignal): Promise<boolean> {
    const bytes = await this.parts.blobs.read(path, { etag });
    if (bytes === null) return false; // deleted or replaced since it was listed; the next listing tells
    const name = { path, sha256: createHash('sha256').update(bytes).digest('hex') };
    if (await isContentKnown(this.parts.postgres, name)) {
      this.seen.set(path, etag);
      return false;
    }
    const file = await judgeFile(name, bytes, this.parts.settings);
    const counts = await this.publish(file, stopping);
    if (counts === null) return false;
    await this.remember(file, etag, counts);
    this.seen.set(path, etag);
    return true;
  }

  /** Null when the service is stopping: the file is read again from its first row after the next start. */
  private async publish(file: JudgedFile, stopping: AbortSignal): Promise<Counts | null> {
    const counts = { published: 0, rejected: 0, masked: {} as MaskedCounts };
    if (file.outcome.kind === 'rejected') return counts;
    await forEachChunk(file, this.parts.privacy, async (entries) => {
      if (stopping.aborted) return;
      const messages = entries.filter((entry) => entry.kind === 'message');
      await this.parts.writer.write(topics.labels, messages);
      counts.published += messages.length;
      counts.rejected += entries.length - messages.length;
      counts.masked = sumOf(counts.masked, ...entries.map(({ masked }) => masked));
    });
    return stopping.aborted ? null : counts;
  }

  private async remember(file: JudgedFile, etag: string, counts: Counts): Promise<void> {
    const { name, outcome } = file;
    await this.parts.postgres.transaction('synchronous', async (tx) => {
      if (counts.rejected > 0)
        await forEachChunk(file, this.parts.privacy, (entries) => rememberRejected(tx, name, entries));
      await rememberFile(tx, { ...file, etag, ...counts });
    });
    if (outcome.kind === 'rejected')
      this.parts.log.warn(
        { path: name.path, reason: outcome.reason },
        'A label file was rejected; none of its rows count.',
      );
  }
}

interface Counts {
  readonly published: number;
  readonly rejected: number;
  readonly masked: MaskedCounts;
}

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
