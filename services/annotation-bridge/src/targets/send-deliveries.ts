import { randomUUID } from 'node:crypto';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import { manifestName, outgoingName } from '@assay/shared/contracts/blobs';
import type { Transaction } from '@assay/shared/pipeline/lane';
import { doPlans, insertPlanned, type PlanWork, underTargetLock } from '@assay/shared/plans/plans';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { encodeBatch, encodeManifest, type ManifestRow, type OutgoingDocument } from './files/domain/csv-batch.ts';
import { FILES_TARGET } from '../documents/to-push-item.step.ts';
import { insertProgress, measureWaiting, readManifestRows, readWaiting, takeIntoPlan } from './deliveries.sql.ts';

export interface BatchLimits {
  readonly maxRows: number;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly fieldPaths: readonly string[];
}

/**
 * The outgoing CSV batches. A round does what was planned and never confirmed, then plans one batch if one is due: full by
 * rows or by bytes, or its oldest document has waited long enough. Priority 0 goes first.
 */
export class OutgoingBatches {
  private readonly postgres: Postgres;
  private readonly blobs: BlobStore;
  private readonly limits: BatchLimits;
  private readonly work: PlanWork;

  constructor(postgres: Postgres, blobs: BlobStore, limits: BatchLimits) {
    this.postgres = postgres;
    this.blobs = blobs;
    this.limits = limits;
    this.work = {
      companions: async ({ planId, blobName }, sha256) => {
        const rows = await postgres.query<ManifestRow>(readManifestRows, [planId]);
        return [{ name: manifestName(blobName), content: encodeManifest(blobName, sha256, rows) }];
      },
      confirmed: async (tx, { planId, blobName }) => void (await tx.query(insertProgress, [planId, blobName])),
    };
  }

  /** Answers whether there may be more to send right now. */
  async round(): Promise<boolean> {
    await doPlans(this.postgres, this.blobs, FILES_TARGET, this.work);
    const isPlanned = await underTargetLock(this.postgres, FILES_TARGET, (tx) => this.plan(tx));
    if (isPlanned !== true) return false;
    await doPlans(this.postgres, this.blobs, FILES_TARGET, this.work);
    return true;
  }

  /** One transaction: the batch with its exact bytes, and its documents out of the queue. */
  private async plan(tx: Transaction): Promise<boolean> {
    if (!(await this.isDue(tx))) return false;
    const { maxRows, maxBytes, fieldPaths } = this.limits;
    const found = await tx.query<StoredDocument>(readWaiting, [FILES_TARGET, maxRows, maxBytes]);
    if (found.length === 0) return false;
    const documents = found.map((row): OutgoingDocument => ({ ...row, datetime: row.datetime.toISOString() }));
    const planId = randomUUID();
    const blobName = outgoingName(planId, new Date());
    const content = encodeBatch(documents, fieldPaths);
    await insertPlanned(tx, { planId, target: FILES_TARGET, blobName, content, lineCount: documents.length });
    await tx.query(takeIntoPlan, [planId, FILES_TARGET, documents.map(({ doc_id }) => doc_id)]);
    return true;
  }

  private async isDue(tx: Transaction): Promise<boolean> {
    const { maxRows, maxBytes, maxAgeMs } = this.limits;
    const [waiting] = await tx.query<{ rows: number; bytes: number; age_ms: number }>(measureWaiting, [
      FILES_TARGET,
      maxRows,
    ]);
    if (waiting === undefined || waiting.rows === 0) return false;
    return waiting.rows >= maxRows || waiting.bytes >= maxBytes || waiting.age_ms >= maxAgeMs;
  }
}

type StoredDocument = Omit<OutgoingDocument, 'datetime'> & { readonly datetime: Date };
