import pg from 'pg';
import { PipelineError } from '../errors/pipeline-error.ts';
import { migrate, type Migration, refuseOthers, toApplied } from './migrate.ts';
import { postgresError } from './postgres-errors.ts';

/** What is known of the login of a database address. */
export interface ServiceLogin {
  readonly name: string;
  /** What it may do beyond its role: whoever gets into the service may do that too. Null when there is nothing. */
  readonly excess: string | null;
}

export interface PreparedDatabase {
  readonly login: ServiceLogin;
  /** Names of the migrations that were missing. */
  readonly applied: readonly string[];
}

const ANSWER_WITHIN_MS = 10_000;

/**
 * A service's own login can only look whether the database is of this release; `assay migrate` brings it there. An address that
 * may make tables, as every service had in release 0.1, still migrates by itself.
 */
export async function prepareDatabase(
  databaseUrl: string,
  role: string,
  migrations: readonly Migration[],
): Promise<PreparedDatabase> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 5_000,
    query_timeout: ANSWER_WITHIN_MS,
  });
  client.on('error', () => {}); // a connection that breaks between two statements: the next one fails and says why
  try {
    await client.connect();
    const { mayMigrate, ...login } = await lookAtLogin(client, role);
    if (mayMigrate) return { login, applied: await migrate(databaseUrl, migrations) };
    await requireMigrated(client, role, migrations);
    return { login, applied: [] };
  } catch (error) {
    throw postgresError('preparing the database', error);
  } finally {
    await client.end();
  }
}

const LOOK_AT_LOGIN = `
  select session_user as name,
         has_database_privilege(session_user, current_database(), 'CREATE') as "mayMigrate",
         me.rolsuper as "isSuperuser",
         (select not pg_has_role(session_user, own.oid, 'SET') from pg_roles own where own.rolname = $1) as "isStranger",
         array_remove(array[
           case when me.rolcreaterole then 'make roles' end, case when me.rolcreatedb then 'make databases' end,
           case when me.rolreplication then 'replicate' end, case when me.rolbypassrls then 'pass by row security' end,
           case when has_database_privilege(session_user, current_database(), 'CREATE') then 'make tables' end
         ], null) as powers,
         array(select other.rolname::text from pg_roles other
                where other.rolname not in (session_user, $1) and pg_has_role(session_user, other.oid, 'MEMBER')
                  and not exists (select from pg_roles own
                                   where own.rolname = $1 and pg_has_role(own.oid, other.oid, 'USAGE'))
                order by 1) as roles
    from pg_roles me
   where me.rolname = session_user`;

interface FoundLogin {
  readonly name: string;
  readonly mayMigrate: boolean;
  readonly isSuperuser: boolean;
  /** Null where nobody has made the role yet. */
  readonly isStranger: boolean | null;
  readonly powers: readonly string[];
  readonly roles: readonly string[];
}

async function lookAtLogin(client: pg.Client, role: string): Promise<ServiceLogin & { mayMigrate: boolean }> {
  const { rows } = await client.query<FoundLogin>(LOOK_AT_LOGIN, [role]);
  const { name, mayMigrate, isStranger, ...found } = rows[0]!;
  if (isStranger === true)
    throw new PipelineError('CONFIG_INVALID', `DATABASE_URL logs in as ${name}, who is not in role ${role}: ${FIX}`);
  return { name, mayMigrate, excess: excessOf(found) };
}

/** What every complaint about a login ends with. */
export const FIX = 'give the service a login of its own (assay migrate --logins; docs/security.md)';

function excessOf({ isSuperuser, powers, roles }: Pick<FoundLogin, 'isSuperuser' | 'powers' | 'roles'>): string | null {
  if (isSuperuser) return 'it is a superuser';
  const more = [...powers, ...roles.map((role) => `act as ${role}`)];
  return more.length === 0 ? null : `it may ${more.join(', ')}`;
}

/** No view, no schema, no right yet to look at it, no role: made by a migration this database does not have. */
const NOT_THERE_YET = ['42P01', '3F000', '42501', '22023'];

async function requireMigrated(client: pg.Client, role: string, migrations: readonly Migration[]): Promise<void> {
  const applied = toApplied(await readApplied(client, role));
  refuseOthers(applied, migrations);
  const missing = migrations.find(({ version }) => !applied.has(version));
  if (missing === undefined) return;
  throw new PipelineError(
    'DEPENDENCY_UNAVAILABLE',
    `the database lacks migration ${missing.name}, and this login may not make it: run \`assay migrate\` of this release with an address that may`,
    { dependency: 'postgres' },
  );
}

async function readApplied(client: pg.Client, role: string): Promise<Parameters<typeof toApplied>[0]> {
  try {
    await client.query(`set role ${pg.escapeIdentifier(role)}`);
    return (await client.query('select version, name, sha256 from lineage.migrations')).rows;
  } catch (error) {
    if (NOT_THERE_YET.includes((error as pg.DatabaseError).code ?? '')) return [];
    throw error;
  }
}
