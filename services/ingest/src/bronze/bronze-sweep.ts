import type { BlobStore, ListedBlob } from '@assay/shared/blob/blob-store';
import { HOUR_MS } from '@assay/shared/contracts/units';
import type { Log } from '@assay/shared/pipeline/log';
import type { SourceRecord } from '@assay/shared/pipeline/record';
import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import { findDocuments, insertBronzeBlob } from '../tickets/documents.sql.ts';
import type { Bronze } from './bronze.ts';

const findBronzeBlobs: Statement = {
  name: 'find-bronze-blobs',
  text: `select name from assay.bronze_blobs where name = any ($1::text[])`,
};

const CHUNK = 500;

/** Blobs that one round looks at, however many there are. */
const LOOKED_AT = 50_000;

export interface SweepParts {
  readonly blobs: BlobStore;
  readonly bronze: Pick<Bronze, 'read'>;
  readonly postgres: Pick<Transaction, 'query'>;
  readonly docIdOf: (record: SourceRecord) => string | null;
}

export interface Swept {
  readonly deleted: number;
  /** Blobs that no row named and that may be the only place of a ticket. */
  readonly kept: number;
}

/** How far the looking has got; it begins again after the last. */
export interface Turn {
  listing: AsyncIterator<ListedBlob> | null;
}

/**
 * Deletes bronze blobs that a crash left between the upload and the commit: no row names them, and every ticket in them is a
 * document, because the batch came again. A database that was restored names none of the blobs that were written after its
 * backup, and Kafka may no longer have their tickets; such a blob gets its row back. Young ones are left alone, because their
 * batch may be committing right now. Looks at `most` blobs, from where the last round of this turn ended.
 */
export async function sweepBronze(
  parts: SweepParts,
  before: Date,
  turn: Turn = { listing: null },
  most = LOOKED_AT,
): Promise<Swept> {
  const listing = (turn.listing ??= parts.blobs.list('')[Symbol.asyncIterator]());
  let deleted = 0;
  let kept = 0;
  try {
    for (let left = most; left > 0 && turn.listing !== null;) {
      const listed = await take(listing, Math.min(CHUNK, left));
      left -= listed.length;
      if (listed.length < CHUNK && left > 0) turn.listing = null;
      const swept = await sweepAmong(parts, before, listed);
      deleted += swept.deleted;
      kept += swept.kept;
    }
  } catch (error) {
    turn.listing = null;
    throw error;
  }
  return { deleted, kept };
}

async function take(listing: AsyncIterator<ListedBlob>, most: number): Promise<readonly ListedBlob[]> {
  const taken: ListedBlob[] = [];
  while (taken.length < most) {
    const { done, value } = await listing.next();
    if (done === true) break;
    taken.push(value);
  }
  return taken;
}

async function sweepAmong(parts: SweepParts, before: Date, listed: readonly ListedBlob[]): Promise<Swept> {
  // Spilled dead letters are referred to by their dead letter, not by a row.
  const old = listed.filter(({ name, writtenAt }) => writtenAt < before && !name.startsWith('dead-letters/'));
  if (old.length === 0) return { deleted: 0, kept: 0 };
  const names = old.map(({ name }) => name);
  const found = await parts.postgres.query<{ name: string }>(findBronzeBlobs, [names]);
  const named = new Set(found.map(({ name }) => name));
  let deleted = 0;
  let kept = 0;
  for (const name of names.filter((one) => !named.has(one))) {
    if (!(await isLeftOver(parts, name))) kept++;
    else if (await parts.blobs.delete(name)) deleted++;
  }
  return { deleted, kept };
}

/** Whether every ticket in it is a document; else it is named from now on, so that it is looked into once. */
async function isLeftOver({ bronze, postgres, docIdOf }: SweepParts, name: string): Promise<boolean> {
  const records = await bronze.read(name);
  const docIds = records?.map(docIdOf) ?? [null];
  const found = await postgres.query<{ doc_id: string }>(findDocuments, [docIds.filter((docId) => docId !== null)]);
  const known = new Set<string | null>(found.map(({ doc_id }) => doc_id));
  if (docIds.every((docId) => known.has(docId))) return true;
  await postgres.query(insertBronzeBlob, [name, records?.length ?? 0]);
  return false;
}

/** One round of the sweep: what is older than `afterHours` and was left over. Answers that there is nothing more to do. */
export function bronzeSweep(parts: SweepParts, afterHours: number, log: Log): () => Promise<boolean> {
  const turn: Turn = { listing: null };
  return async () => {
    const { deleted, kept } = await sweepBronze(parts, new Date(Date.now() - afterHours * HOUR_MS), turn);
    if (deleted > 0) log.info({ swept: deleted }, 'Bronze blobs left over from a crash were deleted.');
    if (kept > 0)
      log.warn(
        { kept },
        'Bronze blobs that no row named hold tickets that are no documents; they are kept. Was Postgres restored?',
      );
    return false;
  };
}
