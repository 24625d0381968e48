import { type Flow, laneFlow, workerFlow } from '@assay/shared/bootstrap/flows';
import { spillTo } from '@assay/shared/blob/spill';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import type { Log } from '@assay/shared/pipeline/log';
import type { Postgres } from '@assay/shared/postgres/postgres';
import type { ValidatorConfig } from './config.ts';
import { judgeForked } from './decisions/forked-documents.ts';
import type { Rules } from './decisions/domain/rules.ts';
import { labelLane } from './votes/label-lane.ts';
import { newTurn, rejectExpired, settleMatched, type Turn } from './votes/waiting-labels.ts';

export interface Parts {
  readonly config: ValidatorConfig;
  readonly rules: Rules;
  readonly postgres: Postgres;
  readonly deadLetterBlobs: BlobStore;
  readonly log: Log;
}

const FORKED_EVERY_MS = 1_000;

/** What the quality validator does, in the order data takes. */
export function flows(parts: Parts): readonly Flow[] {
  const turn = newTurn();
  return [
    // A label row becomes a vote, and its document is judged again.
    laneFlow(labelLane(parts.rules), spillTo(parts.deadLetterBlobs)),
    // Labels whose document was not here yet are tried again, and rejected in the end.
    workerFlow('settle-waiting-labels', parts.config.QUALITY_VALIDATOR_RETRY_WAITING_MS, () =>
      settleWaiting(parts, turn),
    ),
    // Documents that were decided otherwise before a restore are judged once more.
    workerFlow('judge-forked-documents', FORKED_EVERY_MS, () => judgeForked(parts.postgres, parts.rules)),
  ];
}

async function settleWaiting({ config, rules, postgres, log }: Parts, turn: Turn): Promise<boolean> {
  const expired = await rejectExpired(postgres, config.QUALITY_VALIDATOR_WAIT_FOR_DOCUMENT_MS / 1000);
  if (expired > 0) log.warn({ expired }, 'Labels were rejected because their document never came.');
  return (await settleMatched(postgres, rules, turn)) || expired > 0;
}
