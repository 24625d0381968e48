import type { Waiting } from '../pipeline/backoff.ts';
import type { Statement, Transaction } from '../postgres/statement.ts';
import { type Connector, readTablesAgain } from './register-connector.ts';

const findUncaptured: Statement = {
  name: 'find-uncaptured-life',
  text: `select life, reason from assay.lives where life = assay.this_life() and captured_at is null`,
};

const markCaptured: Statement = {
  name: 'mark-life-captured',
  text: `update assay.lives set captured_at = now() where life = $1`,
};

/**
 * In a new life of the database Debezium stands at a place in the log of the old one: it may pass over what is written from now
 * on, and finds no slot. It is made to read the tables once more, which repeats nothing that counts. Ended half way, it is done
 * again.
 */
export async function captureNewLife(
  connector: Connector,
  postgres: Pick<Transaction, 'query'>,
  waiting: Waiting,
): Promise<void> {
  const [uncaptured] = await postgres.query<{ life: number; reason: string }>(findUncaptured, []);
  if (uncaptured === undefined) return;
  const { life, reason } = uncaptured;
  connector.log.warn(
    { connector: connector.name, life, reason },
    'The database has begun another life, as after a restore; Debezium reads the tables once more.',
  );
  await readTablesAgain(connector, waiting);
  await postgres.query(markCaptured, [life]);
}
