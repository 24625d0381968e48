import type { BlobStore } from '@assay/shared/blob/blob-store';
import { sha256Of, verified, writeOnce } from '@assay/shared/blob/write-once';
import { releaseName } from '@assay/shared/contracts/blobs';
import { locks } from '@assay/shared/contracts/locks';
import { LATEST_RELEASE, type ReleaseFile, type ReleaseManifest } from '@assay/shared/contracts/release';
import { PipelineError } from '@assay/shared/errors/pipeline-error';
import { underLock } from '@assay/shared/postgres/advisory-lock';
import type { Transaction } from '@assay/shared/postgres/statement';
import type { Postgres } from '@assay/shared/postgres/postgres';
import type { ReleaseFormat } from '../formats/format.ts';
import { fileContent, type MeasuredFile, measureFile } from './release-file.ts';
import { findLastSeq, releaseLines } from './release-lines.ts';
import {
  confirmRelease,
  findLatestRelease,
  findNewestRelease,
  findUnconfirmedRelease,
  insertRelease,
  manifestOf,
  type Release,
} from './releases.sql.ts';

export type ReleaseOutcome =
  | { readonly kind: 'released'; readonly manifest: ReleaseManifest }
  /** The newest release says the same as the gold stream, in every format asked for. */
  | { readonly kind: 'unchanged'; readonly manifest: ReleaseManifest }
  /** Nothing was ever gold. */
  | { readonly kind: 'empty' };

export interface ReleaseParts {
  readonly postgres: Postgres;
  readonly blobs: BlobStore;
  /** Every format there is: a release that somebody else began may be in another than those asked for. */
  readonly known: readonly ReleaseFormat[];
}

/**
 * A release is planned (rows that fix up to which line it reaches, with the hash of the bytes of each file), then done (its
 * blobs), then confirmed. One that was interrupted is finished first: its bytes follow from the rows, so they are the same. Two
 * that run at the same time do the same work twice and agree.
 */
export async function makeRelease(parts: ReleaseParts, formats: readonly ReleaseFormat[]): Promise<ReleaseOutcome> {
  const { postgres } = parts;
  for (let finished: ReleaseManifest | null = null; ;) {
    const pending = await findUnconfirmedRelease(postgres);
    if (pending !== null) {
      finished = await finish(parts, pending);
      continue;
    }
    const lastSeq = await findLastSeq(postgres);
    if (lastSeq === 0) return { kind: 'empty' };
    const newest = await findNewestRelease(postgres);
    if (newest !== null && newest.last_seq >= lastSeq && hasFormats(newest, formats))
      return { kind: finished === null ? 'unchanged' : 'released', manifest: manifestOf(newest) };
    await plan(parts, formats, newest?.release ?? 0, lastSeq);
  }
}

/** A release never changes: one that lacks a format is followed by another that has it. */
const hasFormats = ({ files }: Release, formats: readonly ReleaseFormat[]): boolean =>
  formats.every(({ name }) => files.some(({ format }) => format === name));

/** Measured without a lock, because the content up to a line never changes; then the rows, unless another one was faster. */
async function plan(
  { postgres, blobs }: ReleaseParts,
  formats: readonly ReleaseFormat[],
  after: number,
  lastSeq: number,
): Promise<void> {
  const measured: MeasuredFile[] = [];
  for (const format of formats) measured.push(await measureFile(format, releaseLines(postgres, lastSeq)));
  const files = measured.map(({ file }) => file);
  // Every file holds every line.
  const rules_versions = measured[0]!.rulesVersions;
  const release = await freeNumber(blobs, after + 1);
  await locked(postgres, async (tx) => {
    const newest = await findNewestRelease(tx);
    if ((newest?.release ?? 0) !== after) return;
    await insertRelease(tx, { release, last_seq: lastSeq, rules_versions, files });
  });
}

/** A database that was restored does not know all of its releases; their files are there all the same, and stay. */
async function freeNumber(blobs: BlobStore, first: number): Promise<number> {
  let release = first;
  while ((await blobs.metadata(releaseName(release, 'manifest.json'))) !== null) release++;
  return release;
}

async function finish(parts: ReleaseParts, row: Release): Promise<ReleaseManifest> {
  const { postgres, blobs } = parts;
  const manifest = manifestOf(row);
  const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  for (const file of row.files) await writeFile(parts, row, file);
  // Nobody is told of a release before it is confirmed, so the manifest of one that an older version began may be replaced:
  // it does not list the files.
  await blobs.replace(releaseName(row.release, 'manifest.json'), text, { sha256: sha256Of(text) });
  await locked(postgres, async (tx) => {
    const latest = await findLatestRelease(tx);
    if (latest === null || latest.release < row.release)
      await blobs.replace(LATEST_RELEASE, text, { sha256: sha256Of(text) });
    await confirmRelease(tx, row.release);
  });
  return manifest;
}

async function writeFile({ postgres, blobs, known }: ReleaseParts, row: Release, file: ReleaseFile): Promise<void> {
  const name = releaseName(row.release, file.name);
  if ((await blobs.metadata(name))?.['sha256'] === file.sha256) return;
  const format = known.find((one) => one.name === file.format);
  if (format === undefined)
    throw new PipelineError(
      'CONFIG_INVALID',
      `release ${row.release} was begun in the format ${file.format}, which this version does not know: finish it with \`assay release\` of the version that began it`,
    );
  const content = fileContent(format, releaseLines(postgres, row.last_seq));
  await writeOnce(blobs, name, verified(content, file.sha256, `${file.name} of release ${row.release}`), file.sha256);
}

async function locked<T>(postgres: Postgres, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const done = await underLock(postgres, locks.goldReleases, async (tx) => ({ result: await work(tx) }));
  if (done === null) throw new PipelineError('WRITE_CONFLICT', 'another `assay release` is at work');
  return done.result;
}
