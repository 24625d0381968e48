import pg from 'pg';
import type { KafkaSettings, PostgresSettings } from '../config/fields.ts';
import { PipelineError } from '../errors/pipeline-error.ts';
import type { Durability } from '../pipeline/lane.ts';
import { postgresError } from './postgres-errors.ts';
import type { Statement, Transaction } from './statement.ts';

/** The database as the rest sees it: statements with names, transactions as functions, errors already classified. */
export interface Postgres extends Transaction {
  transaction<T>(durability: Durability, work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Shares of the consumer's session timeout: an instance that was frozen in the middle of a transaction must lose its row
 * lock before its partitions are given to another one that needs that row, and nobody may wait so long for a lock or a
 * statement that the group gives up on him meanwhile.
 */
export function timeoutsWithin(sessionTimeoutMs: number) {
  const share = (part: number) => Math.max(1, Math.floor(sessionTimeoutMs * part)); // 0 would mean: no limit
  return { lockMs: share(1 / 6), idleMs: share(1 / 3), statementMs: share(2 / 3), queryMs: share(5 / 6) };
}

export interface ConnectOptions {
  readonly settings: PostgresSettings & Pick<KafkaSettings, 'KAFKA_SESSION_TIMEOUT_MS'>;
  readonly applicationName: string;
  /** The role statements run as; its grants are the service's permissions (contracts/roles.ts). */
  readonly role: string;
}

export function createPool({ settings, applicationName, role }: ConnectOptions): pg.Pool {
  const { lockMs, idleMs, statementMs, queryMs } = timeoutsWithin(settings.KAFKA_SESSION_TIMEOUT_MS);
  const timeouts = `-c lock_timeout=${lockMs} -c idle_in_transaction_session_timeout=${idleMs} -c statement_timeout=${statementMs}`;
  return new pg.Pool({
    connectionString: settings.DATABASE_URL,
    max: settings.DATABASE_POOL_SIZE,
    application_name: applicationName,
    options: `-c role=${role} ${timeouts} -c timezone=UTC`,
    connectionTimeoutMillis: Math.min(5_000, queryMs),
    query_timeout: queryMs,
    keepAlive: true,
  });
}

export function createPostgres(pool: pg.Pool, onIdleError: (error: Error) => void): Postgres {
  // An idle connection that breaks (the server restarts) is an event, not an exception; the next query makes a new one.
  pool.on('error', onIdleError);
  // So is one that breaks between two statements of a transaction, which nobody else listens to: unheard, it would end the
  // process. The next statement on that connection fails and says why.
  pool.on('connect', (client) => client.on('error', () => {}));
  return {
    query: (statement, values) => run(pool, statement, values),
    async transaction(durability, work) {
      const client = await connect(pool);
      const begin = durability === 'replayable' ? 'begin; set local synchronous_commit = off' : 'begin';
      try {
        await command(client, begin);
        const result = await work({ query: (statement, values) => run(client, statement, values) });
        await command(client, 'commit');
        client.release();
        return result;
      } catch (error) {
        client.release(!(await isRolledBack(client, error)));
        throw error;
      }
    },
    close: () => pool.end(),
  };
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw postgresError('connecting to Postgres', error);
  }
}

/**
 * Whoever hears of a failure finds the transaction's locks free. A connection that failed, or does not answer to `rollback`,
 * is destroyed instead: that rolls back as well, only some time later.
 */
async function isRolledBack(client: pg.PoolClient, failure: unknown): Promise<boolean> {
  const isUnavailable = failure instanceof PipelineError && failure.code === 'DEPENDENCY_UNAVAILABLE';
  if (isUnavailable && failure.dependency === 'postgres') return false;
  try {
    await command(client, 'rollback');
    return true;
  } catch {
    return false; // the failure that led here is the one to tell
  }
}

async function command(client: pg.PoolClient, text: string): Promise<void> {
  try {
    await client.query(text);
  } catch (error) {
    throw postgresError(text, error);
  }
}

async function run<Row>(
  on: pg.Pool | pg.PoolClient,
  { name, text }: Statement,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  try {
    const { rows } = await on.query({ name, text, values: [...values] });
    return rows as Row[];
  } catch (error) {
    throw postgresError(name.replaceAll('-', ' '), error);
  }
}
