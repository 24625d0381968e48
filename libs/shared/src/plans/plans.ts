import type { BlobStore } from '../blob/blob-store.ts';
import { sha256Of, writeOnce } from '../blob/write-once.ts';
import { locks } from '../contracts/locks.ts';
import { underLock } from '../postgres/advisory-lock.ts';
import type { Postgres } from '../postgres/postgres.ts';
import type { Statement, Transaction } from '../postgres/statement.ts';

/**
 * What leaves Postgres for a blob is planned, done, confirmed. The plan is committed with its exact bytes, so that after a
 * crash at any moment the same bytes are written under the same name. Who plans decides what goes in, in the same transaction
 * in which it takes those rows out of its queue.
 */
export interface Plan {
  readonly planId: string;
  readonly target: string;
  readonly blobName: string;
  readonly lineCount: number;
}

export interface PlannedContent {
  readonly planId: string;
  readonly target: string;
  readonly blobName: string;
  readonly content: Buffer;
  readonly lineCount: number;
}

const insertPlan: Statement = {
  name: 'insert-plan',
  text: `
    insert into assay.plans (plan_id, target, blob_name, sha256, line_count, content)
    values ($1, $2, $3, $4, $5, $6)`,
};

const readUnconfirmed: Statement = {
  name: 'read-unconfirmed-plans',
  text: `
    select plan_id, target, blob_name, sha256, line_count, content
      from assay.plans
     where target = $1 and confirmed_at is null
     order by planned_at, blob_name
     limit 1`,
};

const confirmPlan: Statement = {
  name: 'confirm-plan',
  text: `update assay.plans set confirmed_at = now(), content = null where plan_id = $1`,
};

/** Commits to writing these bytes. Call it inside the transaction that takes the rows. */
export async function insertPlanned(tx: Transaction, plan: PlannedContent): Promise<void> {
  const { planId, target, blobName, content, lineCount } = plan;
  await tx.query(insertPlan, [planId, target, blobName, sha256Of(content), lineCount, content]);
}

export interface PlanWork {
  /** Files that go with the plan's blob, such as a manifest; written before it is confirmed, every time it is done. */
  companions?(plan: Plan, sha256: string): Promise<readonly { readonly name: string; readonly content: Buffer }[]>;
  /** Inside the confirming transaction. */
  confirmed?(tx: Transaction, plan: Plan): Promise<void>;
}

interface PlanRow {
  readonly plan_id: string;
  readonly target: string;
  readonly blob_name: string;
  readonly sha256: string;
  readonly line_count: number;
  readonly content: Buffer;
}

/** Does every plan of a target that is not confirmed, oldest first; answers how many. */
export async function doPlans(
  postgres: Postgres,
  blobs: BlobStore,
  target: string,
  work: PlanWork = {},
): Promise<number> {
  for (let done = 0; ; done++) {
    const did = await underLock(postgres, locks.plansOf(target), (tx) => doOldest(tx, blobs, target, work));
    if (did !== true) return done;
  }
}

async function doOldest(tx: Transaction, blobs: BlobStore, target: string, work: PlanWork): Promise<boolean> {
  const [row] = await tx.query<PlanRow>(readUnconfirmed, [target]);
  if (row === undefined) return false;
  const plan = { planId: row.plan_id, target, blobName: row.blob_name, lineCount: row.line_count };
  for (const { name, content } of (await work.companions?.(plan, row.sha256)) ?? [])
    await writeOnce(blobs, name, content, sha256Of(content));
  await writeOnce(blobs, plan.blobName, row.content, row.sha256);
  await work.confirmed?.(tx, plan);
  await tx.query(confirmPlan, [plan.planId]);
  return true;
}
