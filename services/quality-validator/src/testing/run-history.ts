import type { LabelChange } from '@assay/shared/contracts/label-message';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { sourceRecord } from '@assay/shared/testing/source-record';
import { settleLabels } from '../votes/settle-labels.ts';
import { settleMatched } from '../votes/waiting-labels.ts';
import type { Rules } from '../decisions/domain/rules.ts';
import { redecideAll } from '../decisions/redecide.verb.ts';
import { documents, type LabelHistory, partitionOf, PARTITIONS } from './label-history.ts';
import { sentMessages } from './sent-messages.ts';

export interface LabelStore {
  readonly postgres: Postgres;
  readonly addDocument: (docId: string, textHash: string) => Promise<void>;
}

const MAX_REPLAYS = 2;

/** One partition's log and how far it was read. */
interface Log {
  readonly messages: LabelChange[];
  next: number;
}

/** Sends a batch of one partition through the lane's write, in a transaction; answers how many it called duplicates. */
export function deliver(
  postgres: Postgres,
  partition: number,
  labels: readonly LabelChange[],
  rules: Rules,
): Promise<number> {
  const items = labels.map((value) => ({ record: sourceRecord({ partition }), value }));
  return postgres.transaction('synchronous', async (tx) => (await settleLabels(rules).apply(tx, items)).duplicate);
}

/** Lets the validator live through a history to its end: everything read, every document there, nothing waiting. */
export async function runHistory(history: LabelHistory, { postgres, addDocument }: LabelStore): Promise<void> {
  const rules = { rules: history.rules, version: 'history' };
  const logs = logsOf(history);
  const missing = documents.filter((_, index) => !history.isThere[index]);
  for (const { docId, textHash } of documents.filter((one) => !missing.includes(one)))
    await addDocument(docId, textHash);
  const arrive = async () => {
    const next = missing.shift();
    if (next !== undefined) await addDocument(next.docId, next.textHash);
  };
  let replays = 0;
  for (let turn = 0; logs.some(({ messages, next }) => next < messages.length); turn++) {
    const { partition, size, before } = history.deliveries[turn % history.deliveries.length]!;
    // After one round of the given partitions all get their turn, so that everything is read.
    const chosen = turn < history.deliveries.length ? partition : turn % PARTITIONS;
    const log = logs[chosen]!;
    if (before === 'document') await arrive();
    if (before === 'settle waiting') await settleMatched(postgres, rules);
    if (before === 'redecide') await redecideAll(postgres, rules, () => {});
    if (before === 'replay' && replays++ < MAX_REPLAYS) log.next = 0;
    const batch = log.messages.slice(log.next, log.next + size);
    log.next += batch.length;
    if (batch.length > 0) await deliver(postgres, chosen, batch, rules);
  }
  while (missing.length > 0) await arrive();
  while (await settleMatched(postgres, rules));
}

/** Everything a file's senders ever sent, in the order in which the files took turns, by partition. */
function logsOf({ files, turns }: LabelHistory): Log[] {
  const logs = Array.from({ length: PARTITIONS }, (): Log => ({ messages: [], next: 0 }));
  const queues = files.map((file) => [...sentMessages(file)]);
  for (let turn = 0; queues.some((queue) => queue.length > 0); turn++) {
    const waiting = queues.filter((queue) => queue.length > 0);
    const message = waiting[(turns[turn % turns.length] ?? 0) % waiting.length]!.shift()!;
    logs[partitionOf(message)]!.messages.push(message);
  }
  return logs;
}
