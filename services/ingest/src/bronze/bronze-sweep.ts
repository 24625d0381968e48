import type { BlobStore } from '@assay/shared/blob/blob-store';
import { HOUR_MS } from '@assay/shared/contracts/units';
import type { Log } from '@assay/shared/pipeline/log';
import type { Statement, Transaction } from '@assay/shared/postgres/statement';

const findBronzeBlobs: Statement = {
  name: 'find-bronze-blobs',
  text: `select name from assay.bronze_blobs where name = any ($1::text[])`,
};

const CHUNK = 500;

/**
 * Deletes bronze blobs that no committed batch refers to: a crash between the upload and the commit leaves them. Young ones
 * are left alone, because their batch may be committing right now. Answers how many were deleted.
 */
export async function sweepBronze(
  blobs: BlobStore,
  postgres: Pick<Transaction, 'query'>,
  before: Date,
): Promise<number> {
  let swept = 0;
  let names: string[] = [];
  const sweepChunk = async () => {
    const found = await postgres.query<{ name: string }>(findBronzeBlobs, [names]);
    const kept = new Set(found.map(({ name }) => name));
    for (const name of names) if (!kept.has(name) && (await blobs.delete(name))) swept++;
    names = [];
  };
  for await (const { name, writtenAt } of blobs.list('')) {
    // Spilled dead letters are referred to by their dead letter, not by a row.
    if (writtenAt < before && !name.startsWith('dead-letters/')) names.push(name);
    if (names.length === CHUNK) await sweepChunk();
  }
  if (names.length > 0) await sweepChunk();
  return swept;
}

/** One round of the sweep: what is older than `afterHours` and nobody refers to. Answers that there is nothing more to do. */
export const bronzeSweep =
  (blobs: BlobStore, postgres: Pick<Transaction, 'query'>, afterHours: number, log: Log): (() => Promise<boolean>) =>
  async () => {
    const swept = await sweepBronze(blobs, postgres, new Date(Date.now() - afterHours * HOUR_MS));
    if (swept > 0) log.info({ swept }, 'Bronze blobs left over from a crash were deleted.');
    return false;
  };
