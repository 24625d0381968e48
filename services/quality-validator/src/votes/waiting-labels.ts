import { type LabelMessage, labelMessageSchema } from '@assay/shared/contracts/label-message';
import { locks } from '@assay/shared/contracts/locks';
import { underLock } from '@assay/shared/postgres/advisory-lock';
import type { Postgres } from '@assay/shared/postgres/postgres';
import type { Rules } from '../decisions/domain/rules.ts';
import { insertRejected, takeExpiredLabels, takeMatchedLabels } from './labels.sql.ts';
import { settleWaiting } from './settle-labels.ts';

/** Settles labels whose document has come; answers whether there may be more. */
export async function settleMatched(postgres: Postgres, rules: Rules): Promise<boolean> {
  const settled = await underLock(postgres, locks.waitingLabels, async (tx) => {
    const taken = await tx.query<{ message: unknown; partition: number }>(takeMatchedLabels, []);
    if (taken.length === 0) return false;
    const labels = taken.map(({ message }) => labelMessageSchema.parse(message));
    await settleWaiting(tx, taken[0]!.partition, inRowOrder(labels), rules);
    return true;
  });
  return settled === true;
}

/** Labels that have waited long enough become rejected rows: `unknown_document`. Answers how many. */
export async function rejectExpired(postgres: Postgres, afterSeconds: number): Promise<number> {
  const rejected = await underLock(postgres, locks.waitingLabels, async (tx) => {
    const expired = await tx.query(takeExpiredLabels, [afterSeconds]);
    if (expired.length > 0) await tx.query(insertRejected, [JSON.stringify(expired)]);
    return expired.length;
  });
  return rejected ?? 0;
}

const inRowOrder = (labels: readonly LabelMessage[]): readonly LabelMessage[] =>
  labels.toSorted((a, b) =>
    a.origin.path === b.origin.path ? a.origin.row - b.origin.row : a.origin.path < b.origin.path ? -1 : 1,
  );
