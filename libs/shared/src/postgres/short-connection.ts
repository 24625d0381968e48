import pg from 'pg';
import { createPostgres, type Postgres } from './postgres.ts';

const ANSWER_WITHIN_MS = 10_000;

/**
 * Connects as the user of the address itself, for as long as the work takes: for what a service's role may not do, such as
 * dropping a replication slot.
 */
export async function withShortConnection<T>(
  databaseUrl: string,
  applicationName: string,
  work: (postgres: Postgres) => Promise<T>,
  answerWithinMs = ANSWER_WITHIN_MS,
): Promise<T> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 1,
    idleTimeoutMillis: 0, // what is locked on it is locked until the work is done
    application_name: applicationName,
    connectionTimeoutMillis: Math.min(5_000, answerWithinMs),
    statement_timeout: answerWithinMs,
    query_timeout: answerWithinMs,
  });
  const postgres = createPostgres(pool, () => {}); // a broken idle connection shows in the next statement
  try {
    return await work(postgres);
  } finally {
    await postgres.close();
  }
}
