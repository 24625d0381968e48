import { type LabelMessage, labelMessageSchema } from '@assay/shared/contracts/label-message';
import { locks } from '@assay/shared/contracts/locks';
import { underLock } from '@assay/shared/postgres/advisory-lock';
import type { Postgres } from '@assay/shared/postgres/postgres';
import type { Rules } from '../decisions/domain/rules.ts';
import {
  LABELS_LOOKED_AT,
  LABELS_TAKEN,
  LABELS_TAKEN_BYTES,
  lookAtWaitingLabels,
  rejectExpiredLabels,
  takeWaitingLabels,
} from './labels.sql.ts';
import { settleWaiting } from './settle-labels.ts';

interface WaitingLabel {
  readonly path: string;
  readonly file_sha256: string;
  readonly row_number: number;
  readonly partition: number;
  readonly bytes: number;
  readonly is_here: boolean;
}

/** How far the looking has got; it begins again after the last. */
export interface Turn {
  after: Pick<WaitingLabel, 'path' | 'file_sha256' | 'row_number'>;
}

const BEGINNING = { path: '', file_sha256: '', row_number: 0 };

/** A worker keeps one, so that its rounds go through all that waits, some at a time. */
export const newTurn = (): Turn => ({ after: BEGINNING });

/**
 * Settles labels whose document has come; answers whether there may be more among those it looked at. Of one partition at a time: then whoever settles
 * them locks in the order in which that partition's lane does.
 */
export async function settleMatched(postgres: Postgres, rules: Rules, turn = newTurn()): Promise<boolean> {
  const settled = await underLock(postgres, locks.waitingLabels, async (tx) => {
    const { path, file_sha256, row_number } = turn.after;
    const looked = await tx.query<WaitingLabel>(lookAtWaitingLabels, [path, file_sha256, row_number]);
    const taken = takenOf(looked);
    if (taken.length === 0) {
      // The next ones are looked at after a pause: thousands that wait for days cost no more than few.
      turn.after = looked.length < LABELS_LOOKED_AT ? BEGINNING : looked.at(-1)!;
      return false;
    }
    const rows = await tx.query<{ message: unknown }>(takeWaitingLabels, [JSON.stringify(taken)]);
    const labels = rows.map(({ message }) => labelMessageSchema.parse(message));
    await settleWaiting(tx, taken[0]!.partition, inRowOrder(labels), rules);
    return true;
  });
  return settled === true;
}

/** Those that can be settled together: of one partition, few and not large. */
function takenOf(looked: readonly WaitingLabel[]): readonly WaitingLabel[] {
  const here = looked.filter(({ is_here }) => is_here);
  const partition = Math.min(...here.map((label) => label.partition));
  const ours = here.filter((label) => label.partition === partition).slice(0, LABELS_TAKEN);
  let bytes = 0;
  return ours.filter((label, index) => {
    bytes += label.bytes;
    return index === 0 || bytes <= LABELS_TAKEN_BYTES;
  });
}

/** Labels that have waited long enough become rejected rows: `unknown_document`. Answers how many; there may be more. */
export async function rejectExpired(postgres: Postgres, afterSeconds: number): Promise<number> {
  const rejected = await underLock(postgres, locks.waitingLabels, async (tx) => {
    const [expired] = await tx.query<{ labels: number }>(rejectExpiredLabels, [afterSeconds]);
    return expired!.labels;
  });
  return rejected ?? 0;
}

const inRowOrder = (labels: readonly LabelMessage[]): readonly LabelMessage[] =>
  labels.toSorted((a, b) =>
    a.origin.path === b.origin.path ? a.origin.row - b.origin.row : a.origin.path < b.origin.path ? -1 : 1,
  );
