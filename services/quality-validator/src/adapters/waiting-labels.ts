import { type LabelMessage, labelMessageSchema } from '@assay/shared/contracts/label-message';
import type { Postgres } from '@assay/shared/postgres/postgres';
import type { Rules } from '../domain/rules.ts';
import { insertRejected, takeExpiredLabels, takeMatchedLabels } from './labels.sql.ts';
import { settleWaiting } from './settle-labels.ts';

/** Settles labels whose document has come; answers whether there may be more. */
export function settleMatched(postgres: Postgres, rules: Rules): Promise<boolean> {
  return postgres.transaction('synchronous', async (tx) => {
    const taken = await tx.query<{ message: unknown; partition: number }>(takeMatchedLabels, []);
    const labels = taken.map(({ message, partition }) => ({ partition, message: labelMessageSchema.parse(message) }));
    for (const [partition, group] of Map.groupBy(labels, (label) => label.partition))
      await settleWaiting(tx, partition, inRowOrder(group.map(({ message }) => message)), rules);
    return taken.length > 0;
  });
}

/** Labels that have waited long enough become rejected rows: `unknown_document`. Answers how many. */
export function rejectExpired(postgres: Postgres, afterSeconds: number): Promise<number> {
  return postgres.transaction('synchronous', async (tx) => {
    const expired = await tx.query(takeExpiredLabels, [afterSeconds]);
    if (expired.length > 0) await tx.query(insertRejected, [JSON.stringify(expired)]);
    return expired.length;
  });
}

const inRowOrder = (labels: readonly LabelMessage[]): readonly LabelMessage[] =>
  labels.toSorted((a, b) =>
    a.origin.path === b.origin.path ? a.origin.row - b.origin.row : a.origin.path < b.origin.path ? -1 : 1,
  );
