import { type LabelMessage, labelMessageSchema } from '@assay/shared/contracts/label-message';
import { locks } from '@assay/shared/contracts/locks';
import { isContentCaused, PipelineError } from '@assay/shared/errors/pipeline-error';
import { underLock } from '@assay/shared/postgres/advisory-lock';
import type { Postgres } from '@assay/shared/postgres/postgres';
import type { Transaction } from '@assay/shared/postgres/statement';
import type { RowReason } from '@assay/labels/reasons';
import type { Rules } from '../decisions/domain/rules.ts';
import {
  LABELS_LOOKED_AT,
  LABELS_TAKEN,
  LABELS_TAKEN_BYTES,
  lookAtWaitingLabels,
  rejectExpiredLabels,
  rejectWaitingLabels,
  takeWaitingLabels,
} from './labels.sql.ts';
import { settleWaiting } from './settle-labels.ts';

interface WaitingLabel {
  readonly path: string;
  readonly row_number: number;
  readonly generation: number;
  readonly file_sha256: string;
  readonly partition: number;
  readonly bytes: number;
  readonly is_here: boolean;
}

/** How far the looking has got; it begins again after the last. */
export interface Turn {
  after: Pick<WaitingLabel, 'path' | 'row_number' | 'generation' | 'file_sha256'>;
  /** Labels that the next round takes: fewer while it looks for one that Postgres refuses. */
  most: number;
}

const BEGINNING = { path: '', row_number: 0, generation: 0, file_sha256: '' };

/** A worker keeps one, so that its rounds go through all that waits, some at a time. */
export const newTurn = (): Turn => ({ after: BEGINNING, most: LABELS_TAKEN });

/**
 * Settles labels whose document has come; answers whether there may be more among those it looked at. Of one partition at a time: then whoever settles
 * them locks in the order in which that partition's lane does.
 *
 * Where Postgres refuses what is in one of them, the next rounds take half as many, until it stands alone and becomes a
 * rejected row: as in a lane, where it would have become a dead letter.
 */
export async function settleMatched(postgres: Postgres, rules: Rules, turn = newTurn()): Promise<boolean> {
  let taken: readonly WaitingLabel[] = [];
  let refusal: unknown;
  try {
    const settled = await underLock(postgres, locks.waitingLabels, async (tx) => {
      taken = await look(tx, turn);
      if (taken.length === 0) return false;
      const rows = await tx.query<{ message: unknown }>(takeWaitingLabels, [JSON.stringify(taken)]);
      try {
        const labels = rows.map(({ message }) => labelOf(message));
        await settleWaiting(tx, taken[0]!.partition, inRowOrder(labels), rules);
      } catch (error) {
        refusal = error;
        throw error;
      }
      return true;
    });
    if (settled === true) turn.most = Math.min(LABELS_TAKEN, turn.most * 2);
    return settled === true;
  } catch (error) {
    // What the looking and the taking raise is never a label's fault.
    if (error !== refusal || !isContentCaused(error)) throw error;
    if (taken.length > 1) turn.most = Math.ceil(taken.length / 2);
    else await rejectAsNotStorable(postgres, taken);
    return true;
  }
}

async function look(tx: Transaction, turn: Turn): Promise<readonly WaitingLabel[]> {
  const { path, row_number, generation, file_sha256 } = turn.after;
  const looked = await tx.query<WaitingLabel>(lookAtWaitingLabels, [path, row_number, generation, file_sha256]);
  const taken = takenOf(looked, turn.most);
  // The next ones are looked at after a pause: thousands that wait for days cost no more than few.
  if (taken.length === 0) turn.after = looked.length < LABELS_LOOKED_AT ? BEGINNING : looked.at(-1)!;
  return taken;
}

/** The contract may have become narrower while a label waited. */
function labelOf(message: unknown): LabelMessage {
  const parsed = labelMessageSchema.safeParse(message);
  if (parsed.success) return parsed.data;
  throw new PipelineError('CONTRACT_VIOLATED', 'a label that waited breaks the contract of this release');
}

const NOT_STORABLE: RowReason = 'not_storable';

const rejectAsNotStorable = (postgres: Postgres, labels: readonly WaitingLabel[]): Promise<unknown> =>
  underLock(postgres, locks.waitingLabels, (tx) =>
    tx.query(rejectWaitingLabels, [JSON.stringify(labels), NOT_STORABLE]),
  );

/** Those that can be settled together: of one partition, few and not large. */
function takenOf(looked: readonly WaitingLabel[], most: number): readonly WaitingLabel[] {
  const here = looked.filter(({ is_here }) => is_here);
  const partition = Math.min(...here.map((label) => label.partition));
  const ours = here.filter((label) => label.partition === partition).slice(0, most);
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
