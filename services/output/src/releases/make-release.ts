import type { BlobStore } from '@assay/shared/blob/blob-store';
import { sha256Of, verified, writeOnce } from '@assay/shared/blob/write-once';
import { releaseName } from '@assay/shared/contracts/blobs';
import { locks } from '@assay/shared/contracts/locks';
import { LATEST_RELEASE, type ReleaseManifest } from '@assay/shared/contracts/release';
import { PipelineError } from '@assay/shared/errors/pipeline-error';
import { underLock } from '@assay/shared/postgres/advisory-lock';
import type { Transaction } from '@assay/shared/postgres/statement';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { numberLines } from '../stream/number-lines.ts';
import { type ContentPage, measureContent, releaseContent } from './release-content.ts';
import {
  confirmRelease,
  findLastSeq,
  findNewestRelease,
  findUnconfirmedRelease,
  insertRelease,
  listReleases,
  manifestOf,
  type Release,
} from './releases.sql.ts';

export type ReleaseOutcome =
  | { readonly kind: 'released'; readonly manifest: ReleaseManifest }
  /** The newest release says the same as the gold stream. */
  | { readonly kind: 'unchanged'; readonly manifest: ReleaseManifest }
  /** Nothing was ever gold. */
  | { readonly kind: 'empty' };

/**
 * A release is planned (a row that fixes up to which line it reaches, with the hash of its bytes), then done (its blobs),
 * then confirmed. One that was interrupted is finished first: its bytes follow from the row, so they are the same. Two that
 * run at the same time do the same work twice and agree.
 */
export async function makeRelease(postgres: Postgres, blobs: BlobStore): Promise<ReleaseOutcome> {
  while ((await numberLines(postgres, 'gold')) > 0);
  for (let finished: ReleaseManifest | null = null; ;) {
    const pending = await findUnconfirmedRelease(postgres);
    if (pending !== null) {
      finished = await finish(postgres, blobs, pending);
      continue;
    }
    const lastSeq = await findLastSeq(postgres);
    if (lastSeq === 0) return { kind: 'empty' };
    const newest = await findNewestRelease(postgres);
    if (newest !== null && newest.last_seq >= lastSeq)
      return { kind: finished === null ? 'unchanged' : 'released', manifest: manifestOf(newest) };
    await plan(postgres, newest?.release ?? 0, lastSeq);
  }
}

/** Measured without a lock, because the content up to a line never changes; then the row, unless another one was faster. */
async function plan(postgres: Postgres, after: number, lastSeq: number): Promise<void> {
  const measured = await measureContent(releaseContent(postgres, lastSeq));
  await locked(postgres, async (tx) => {
    const newest = await findNewestRelease(tx);
    if ((newest?.release ?? 0) !== after) return;
    await insertRelease(tx, { release: after + 1, last_seq: lastSeq, ...measured });
  });
}

async function finish(postgres: Postgres, blobs: BlobStore, row: Release): Promise<ReleaseManifest> {
  const manifest = manifestOf(row);
  const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(postgres, blobs, row);
  await writeOnce(blobs, releaseName(row.release, 'manifest.json'), text, sha256Of(text));
  await locked(postgres, async (tx) => {
    const [latest] = await listReleases(tx);
    if (latest === undefined || latest.release < row.release)
      await blobs.replace(LATEST_RELEASE, text, { sha256: sha256Of(text) });
    await confirmRelease(tx, row.release);
  });
  return manifest;
}

async function writeFile(postgres: Postgres, blobs: BlobStore, row: Release): Promise<void> {
  const name = releaseName(row.release, 'clean_training_dataset.jsonl');
  if ((await blobs.metadata(name))?.['sha256'] === row.sha256) return;
  const content = verified(bytesOf(releaseContent(postgres, row.last_seq)), row.sha256, `release ${row.release}`);
  await writeOnce(blobs, name, content, row.sha256);
}

async function* bytesOf(pages: AsyncIterable<ContentPage>): AsyncGenerator<Buffer> {
  for await (const { bytes } of pages) yield bytes;
}

async function locked<T>(postgres: Postgres, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const done = await underLock(postgres, locks.goldReleases, async (tx) => ({ result: await work(tx) }));
  if (done === null) throw new PipelineError('WRITE_CONFLICT', 'another `assay release` is at work');
  return done.result;
}
