import { randomUUID } from 'node:crypto';
import type { More } from '@assay/shared/bootstrap/worker';
import { PipelineError } from '@assay/shared/errors/pipeline-error';
import { locks } from '@assay/shared/contracts/locks';
import { sha256Of } from '@assay/shared/blob/write-once';
import { underLock } from '@assay/shared/postgres/advisory-lock';
import type { Transaction } from '@assay/shared/postgres/statement';
import type { Postgres } from '@assay/shared/postgres/postgres';
import {
  confirmBatch,
  dropContent,
  endLease,
  findUnsentBatch,
  insertBatch,
  insertPart,
  leaseAgain,
  measureWaiting,
  noteReceipt,
  readBatchDocuments,
  readParts,
  readWaiting,
  takeIntoBatch,
} from './deliveries.sql.ts';
import type { OutgoingDocument } from './outgoing-document.ts';
import type { Batch, BatchPart, Receipt, Target } from './target.ts';

interface Lease extends Batch {
  /** Sent before, by us or by somebody who did not live to confirm it: the target may have some or all of it. */
  readonly wasTried: boolean;
}

/** Another instance is leasing a batch at this moment; where it dies on the way, we are next. */
const OTHERS_TURN_MS = 1_000;

/**
 * Sends the deliveries of one target, one batch in flight at a time, whichever instance has it.
 *
 *   queued ──lease──► leased ──send──► (at the target) ──confirm──► sent
 *                        ▲ lease ran out: find what the target has, send the rest
 *
 * No transaction is open while the target is asked. Where the process dies on the way, the batch is taken over once its lease
 * has run out: with the same bytes, after a look at what is there.
 */
export class DeliverySender {
  readonly #postgres: Postgres;
  readonly #target: Target;

  constructor(postgres: Postgres, target: Target) {
    this.#postgres = postgres;
    this.#target = target;
  }

  /** Sends one batch, if one is due. Answers whether there may be another, or when one will be. */
  async round(stopping: AbortSignal): Promise<More> {
    // It begins before the lease does in the database, so that this try is over before anybody may take the batch over.
    const ourTime = AbortSignal.timeout(this.#target.tryWithinMs);
    const batch = await this.#lease();
    if (typeof batch !== 'object') return batch;
    try {
      await this.#deliver(batch, AbortSignal.any([ourTime, stopping]));
      return true;
    } catch (error) {
      // Where Postgres is what failed, the lease runs out by itself.
      await this.#postgres.query(endLease, [batch.batchId]).catch(() => {});
      if (stopping.aborted) return false;
      if (!ourTime.aborted) throw error;
      const { name, tryWithinMs } = this.#target;
      const details = { cause: error, dependency: 'target' } as const;
      throw new PipelineError('DEPENDENCY_UNAVAILABLE', `sending to ${name}: not done in ${tryWithinMs} ms`, details);
    }
  }

  /** A batch that is ours to send until its lease runs out; or in how many milliseconds one will be due, as far as is known. */
  async #lease(): Promise<Lease | More> {
    const leased = await underLock(this.#postgres, locks.batchesTo(this.#target.name), async (tx) => {
      const { name, tryWithinMs } = this.#target;
      const [unsent] = await tx.query<{ batch_id: string; free_in_ms: number }>(findUnsentBatch, [name]);
      if (unsent === undefined) return this.#makeBatch(tx);
      if (unsent.free_in_ms > 0) return unsent.free_in_ms;
      await tx.query(leaseAgain, [unsent.batch_id, tryWithinMs]);
      return readBatch(tx, unsent.batch_id);
    });
    return leased ?? OTHERS_TURN_MS;
  }

  /** The batch with its exact bytes, and its deliveries out of the queue. */
  async #makeBatch(tx: Transaction): Promise<Lease | More> {
    const dueInMs = await this.#dueIn(tx);
    if (dueInMs !== 0) return dueInMs ?? false;
    const { name, limits, tryWithinMs } = this.#target;
    const found = await tx.query<StoredDocument>(readWaiting, [name, limits.maxDocuments, limits.maxBytes]);
    if (found.length === 0) return false;
    const documents = found.map((row): OutgoingDocument => ({ ...row, datetime: row.datetime.toISOString() }));
    const docIds = documents.map(({ doc_id }) => doc_id);
    const batchId = randomUUID();
    const parts = this.#target.encode(batchId, new Date(), documents);
    await tx.query(insertBatch, [batchId, name, documents.length, tryWithinMs]);
    for (const [place, part] of parts.entries())
      await tx.query(insertPart, [batchId, place, part.name, sha256Of(part.content), part.content]);
    await tx.query(takeIntoBatch, [batchId, name, docIds]);
    return { batchId, docIds, parts, wasTried: false };
  }

  /** 0 when a batch is due, null when nothing waits. */
  async #dueIn(tx: Transaction): Promise<number | null> {
    const { maxDocuments, maxBytes, maxAgeMs } = this.#target.limits;
    const [waiting] = await tx.query<{ documents: number; bytes: number; age_ms: number }>(measureWaiting, [
      this.#target.name,
      maxDocuments,
    ]);
    if (waiting === undefined || waiting.documents === 0) return null;
    const isFull = waiting.documents >= maxDocuments || waiting.bytes >= maxBytes;
    return isFull ? 0 : Math.max(0, maxAgeMs - waiting.age_ms);
  }

  async #deliver(batch: Lease, signal: AbortSignal): Promise<void> {
    const there = batch.wasTried ? await this.#target.find(batch, signal) : new Map<string, string>();
    const missing = new Set(batch.docIds.filter((docId) => !there.has(docId)));
    const receipt = missing.size === 0 ? NOTHING_SENT : await this.#target.send(batch, missing, signal);
    await this.#confirm(batch, there, receipt);
  }

  async #confirm({ batchId }: Batch, there: ReadonlyMap<string, string>, receipt: Receipt): Promise<void> {
    const { externalIds, refused } = receipt;
    const ids = new Map([...[...there].filter(([, id]) => id !== ''), ...externalIds]);
    const told = [...new Set([...ids.keys(), ...refused.keys()])].toSorted();
    await this.#postgres.transaction('synchronous', async (tx) => {
      // Somebody who took the batch over may have confirmed it already.
      if ((await tx.query(confirmBatch, [batchId])).length === 0) return;
      if (told.length > 0)
        await tx.query(noteReceipt, [
          batchId,
          told,
          told.map((docId) => ids.get(docId) ?? null),
          told.map((docId) => refused.get(docId) ?? null),
        ]);
      await tx.query(dropContent, [batchId]);
    });
  }
}

const NOTHING_SENT: Receipt = { externalIds: new Map(), refused: new Map() };

async function readBatch(tx: Transaction, batchId: string): Promise<Lease> {
  const parts = await tx.query<BatchPart>(readParts, [batchId]);
  const documents = await tx.query<{ doc_id: string }>(readBatchDocuments, [batchId]);
  return { batchId, docIds: documents.map(({ doc_id }) => doc_id), parts, wasTried: true };
}

type StoredDocument = Omit<OutgoingDocument, 'datetime'> & { readonly datetime: Date };
