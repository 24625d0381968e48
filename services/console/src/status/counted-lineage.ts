import type { Lineage } from '../documents/lineage.ts';
import { Recount } from './recount.ts';

/** The lineage whose counts are not made for each who asks. */
export interface CountedLineage extends Lineage {
  /** Since when the account has not changed; null before it was counted. */
  countedAt(): number | null;
}

/** Account, stages and agreement are counted over whole tables; a journey and the ledger are not. */
export function countedLineage(lineage: Lineage, now: () => number): CountedLineage {
  const account = new Recount(() => lineage.account(), { now });
  const stages = new Recount(() => lineage.stages(), { now });
  const agreement = new Recount(() => lineage.agreement(), { now });
  return {
    account: () => account.get(),
    stages: () => stages.get(),
    agreement: () => agreement.get(),
    lanes: () => lineage.lanes(),
    journey: (docId) => lineage.journey(docId),
    countedAt: () => account.at,
  };
}
