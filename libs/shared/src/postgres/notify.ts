import type { Channel } from '../contracts/channels.ts';
import type { Statement, Transaction } from './statement.ts';

const notifyChannel: Statement = { name: 'notify', text: `select pg_notify($1, '')` };

/**
 * Wakes whoever listens, when the transaction commits; however often it is said in one. Postgres lets one transaction that
 * notifies commit at a time, so this is for what comes in batches.
 */
export async function notify(tx: Transaction, channel: Channel): Promise<void> {
  await tx.query(notifyChannel, [channel]);
}
