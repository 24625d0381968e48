import type { Log } from '@assay/shared/pipeline/log';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { findBatchToLookAfter, noteLookedAfter, readBatchDocuments } from './deliveries.sql.ts';
import type { Target } from './target.ts';

/** A request whose connection was lost may still be carried out: this long after its batch was confirmed it is over. */
export const SURPLUS_AFTER_MS = 2 * 60_000;

export interface TargetWithSurplus extends Target {
  readonly removeSurplus: NonNullable<Target['removeSurplus']>;
}

export const canHaveSurplus = (target: Target): target is TargetWithSurplus => target.removeSurplus !== undefined;

interface LookAfterOptions {
  readonly log: Log;
  readonly afterMs?: number;
}

/**
 * Looks after batches that took more than one try: where the target has a document twice, the copy that nobody has worked on
 * goes, and the delivery is given the id of the one that stands. Two instances at it do the same, which is harmless.
 */
export class BatchesLookedAfter {
  readonly #postgres: Postgres;
  readonly #target: TargetWithSurplus;
  readonly #options: LookAfterOptions;

  constructor(postgres: Postgres, target: TargetWithSurplus, options: LookAfterOptions) {
    this.#postgres = postgres;
    this.#target = target;
    this.#options = options;
  }

  /** One batch. Answers whether there may be another. */
  async round(stopping: AbortSignal): Promise<boolean> {
    const { afterMs = SURPLUS_AFTER_MS, log } = this.#options;
    const target = this.#target.name;
    const [batch] = await this.#postgres.query<{ batch_id: string }>(findBatchToLookAfter, [target, afterMs]);
    if (batch === undefined) return false;
    const documents = await this.#postgres.query<{ doc_id: string }>(readBatchDocuments, [batch.batch_id]);
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(this.#target.tryWithinMs)]);
    const surplus = await this.#target.removeSurplus(
      documents.map(({ doc_id }) => doc_id),
      signal,
    );
    const told = [...surplus.externalIds];
    await this.#postgres.query(noteLookedAfter, [batch.batch_id, told.map(([id]) => id), told.map(([, id]) => id)]);
    if (surplus.removed > 0)
      log.info({ target, removed: surplus.removed }, 'Copies that nobody had worked on are gone.');
    for (const [docId, copies] of surplus.workedOn)
      log.warn(
        { target, docId, copies },
        'The target has a document more than once, and people have worked on each copy.',
      );
    return true;
  }
}
