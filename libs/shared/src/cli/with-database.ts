import { InputError } from '@assay/cli/verb';
import { roles } from '../contracts/roles.ts';
import { createPool, createPostgres, type Postgres } from '../postgres/postgres.ts';
import { readEndpoints, required } from './config.ts';

/** Connects as one role for as long as the work takes. */
export async function withDatabase<T>(
  dataDir: string,
  role: string,
  work: (postgres: Postgres) => Promise<T>,
): Promise<T> {
  const databaseUrl = required(await readEndpoints(dataDir), 'databaseUrl', 'DATABASE_URL', dataDir);
  const settings = { DATABASE_URL: databaseUrl, DATABASE_POOL_SIZE: 2, KAFKA_SESSION_TIMEOUT_MS: 30_000 };
  const pool = createPool({ settings, applicationName: 'assay-cli', role });
  const postgres = createPostgres(pool, () => {}); // a broken idle connection shows in the next statement
  try {
    return await work(postgres);
  } catch (error) {
    if (!REFUSED_ROLE.test(String(error))) throw error;
    throw new InputError(
      `the login of DATABASE_URL may not act as ${role}. Give the address of an operator's login, which is in role ${roles.operator} (assay migrate --logins).`,
    );
  } finally {
    await postgres.close();
  }
}

/** Postgres refuses the whole connection, so this comes instead of an answer to the first statement. */
const REFUSED_ROLE = /permission denied to set role/;
