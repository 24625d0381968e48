import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import pg from 'pg';
import { PipelineError } from '../errors/pipeline-error.ts';
import { postgresError } from './postgres-errors.ts';

/** Somebody who may log in, and act as one role. */
export interface Login {
  readonly name: string;
  readonly password: string;
  readonly role: string;
  /** Debezium reads the log of the database, which is a right of a login and cannot be given by a role. */
  readonly mayReplicate: boolean;
}

const ANSWER_WITHIN_MS = 30_000;

/**
 * Makes each login, or gives it its password and role again. Services log in by these: a login that could do more than its role
 * would get it back by RESET ROLE. `databaseUrl` is an address that may make roles.
 */
export async function makeLogins(databaseUrl: string, logins: readonly Login[]): Promise<void> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 5_000,
    query_timeout: ANSWER_WITHIN_MS,
  });
  client.on('error', () => {}); // a connection that breaks between two statements: the next one fails and says why
  try {
    await client.connect();
    for (const login of logins) await makeLogin(client, login);
  } catch (error) {
    throw postgresError('making logins', error);
  } finally {
    await client.end();
  }
}

async function makeLogin(client: pg.Client, { name, password, role, mayReplicate }: Login): Promise<void> {
  const [login, group] = [name, role].map((each) => pg.escapeIdentifier(each)) as [string, string];
  if (!(await isRole(client, role))) await client.query(`create role ${group} nologin`);
  const wanted = `login password ${pg.escapeLiteral(scramVerifier(password))}${mayReplicate ? ' replication' : ''}`;
  await client.query(`${(await isRole(client, name)) ? 'alter' : 'create'} role ${login} ${wanted}`);
  await client.query(`grant ${group} to ${login}`);
}

async function isRole(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query('select from pg_roles where rolname = $1', [name]);
  return rows.length > 0;
}

const SCRAM_ITERATIONS = 4096;
const PRINTABLE_ASCII = /^[!-~]+$/;

/** What Postgres keeps of a password (RFC 5803), made here so that no statement and no log of the server holds the password. */
export function scramVerifier(password: string, salt = randomBytes(16)): string {
  // Others would have to be normalised first, as RFC 4013 says.
  if (!PRINTABLE_ASCII.test(password))
    throw new PipelineError('CONFIG_INVALID', 'a password of a login must be printable ASCII without blanks');
  const salted = pbkdf2Sync(password, salt, SCRAM_ITERATIONS, 32, 'sha256');
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(keyed('Client Key')).digest('base64');
  const serverKey = keyed('Server Key').toString('base64');
  return `SCRAM-SHA-256$${SCRAM_ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
