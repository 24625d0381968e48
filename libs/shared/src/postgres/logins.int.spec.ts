import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { groupIdOf, lanes } from '../contracts/lanes.ts';
import { roleOfService, roles } from '../contracts/roles.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { makeLogins } from './logins.ts';
import { migrate, readMigrations } from './migrate.ts';
import { prepareDatabase } from './service-login.ts';

/** What Postgres answers to what a role may not do. */
const NO_RIGHT = '42501';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.admin.query(
    `insert into assay.offsets (lane, topic, partition, incarnation, cluster_id, first_offset, next_offset)
     select lane, 'a topic', 0, 0, 'c', 0, 0 from unnest($1::text[]) as lane`,
    [Object.values(lanes).map(groupIdOf)],
  );
  await database.admin.query(
    `insert into assay.segments (stream, number, first_seq, last_seq, stream_bytes, blob_name, sha256) values ('gold', 1, 1, 1, 1, 'a', 'b')`,
  );
});
afterAll(() => database.drop());

/** One connection by the login of a role, and how statements on it end: the number of rows, or the code of the refusal. */
async function attackAs(role: string, statements: readonly string[]): Promise<readonly (number | string)[]> {
  const client = new pg.Client({ connectionString: database.urlOf(role), options: `-c role=${role}` });
  await client.connect();
  const outcomes: (number | string)[] = [];
  try {
    for (const statement of statements)
      outcomes.push(
        await client.query(statement).then(
          ({ rowCount }) => rowCount ?? 0,
          (error: pg.DatabaseError) => error.code ?? error.message,
        ),
      );
  } finally {
    await client.end();
  }
  return outcomes;
}

const services = Object.entries(roleOfService);
const everyLogin = [...new Set([...Object.values(roleOfService), roles.cdc])];

describe.each(everyLogin)('whoever has the login of %s', (role) => {
  it('runs no command and reads no file, also after RESET ROLE', async () => {
    const outcomes = await attackAs(role, [
      'reset role',
      `copy (select 1) to program 'touch /tmp/owned'`,
      `create temporary table seen (line text)`,
      `copy seen from '/etc/passwd'`,
      `select pg_read_file('/etc/passwd')`,
      `create extension plpython3u`,
      `create table public.mine (id int)`,
      `alter role current_user superuser`,
      `create role another login`,
    ]);
    expect(outcomes).toEqual([
      0,
      NO_RIGHT,
      0,
      NO_RIGHT,
      NO_RIGHT,
      expect.stringMatching(/42501|0A000/),
      ...Array(3).fill(NO_RIGHT),
    ]);
  });

  it('acts as nobody else', async () => {
    const others = [...Object.values(roles), new URL(inject('databaseUrl')).username].filter(
      (other) => other !== role && other !== roles.owner,
    );
    const outcomes = await attackAs(
      role,
      others.map((other) => `set role ${other}`),
    );
    expect(outcomes).toEqual(others.map(() => NO_RIGHT));
  });
});

describe('the ledger', () => {
  it.each(services.filter(([service]) => service !== 'console'))(
    'shows %s its own lanes, and nobody else’s can be moved, made or deleted',
    async (service, role) => {
      const others = Object.values(lanes)
        .filter((lane) => lane.service !== service)
        .map(groupIdOf);
      const own = Object.values(lanes)
        .filter((lane) => lane.service === service)
        .map(groupIdOf);
      const outcomes = await attackAs(role, [
        'select from assay.offsets',
        ...others.map((lane) => `update assay.offsets set next_offset = next_offset where lane = '${lane}'`),
        ...others.map((lane) => `update assay.offsets set lane = '${lane}'`),
        ...others.map(
          (lane) =>
            `insert into assay.offsets (lane, topic, partition, incarnation, cluster_id, first_offset, next_offset)
             values ('${lane}', 'a topic', 0, 1, 'c', 0, 0)`,
        ),
        'delete from assay.offsets',
        'alter table assay.offsets disable row level security',
        'set row_security = off',
        'update assay.offsets set next_offset = next_offset',
      ]);
      expect(outcomes).toEqual([
        own.length,
        ...others.map(() => 0),
        ...others.map(() => NO_RIGHT),
        ...others.map(() => NO_RIGHT),
        NO_RIGHT,
        NO_RIGHT,
        0,
        NO_RIGHT, // with row_security off Postgres refuses what a policy would have to filter
      ]);
    },
  );

  it('is seen as a whole by readers', async () => {
    const [rows] = await attackAs(roles.reader, ['select from lineage.lanes']);
    expect(rows).toBe(Object.values(lanes).length);
  });
});

it('segments are for output alone', async () => {
  for (const [service, role] of services) {
    const outcomes = await attackAs(role, [
      'select from assay.segments',
      'update assay.segments set confirmed_at = now()',
    ]);
    expect({ service, outcomes }).toEqual({ service, outcomes: service === 'output' ? [1, 1] : [NO_RIGHT, NO_RIGHT] });
  }
});

describe('an operator’s login', () => {
  it('has no right by itself, acts as each service and the reader, and is no superuser', async () => {
    const acting = [...new Set(Object.values(roleOfService))];
    const outcomes = await attackAs(roles.operator, [
      'select from public.documents',
      'update assay.offsets set next_offset = 0',
      ...acting.map((role) => `set role ${role}`),
      `copy (select 1) to program 'touch /tmp/owned'`,
    ]);
    expect(outcomes).toEqual([NO_RIGHT, NO_RIGHT, ...acting.map(() => 0), NO_RIGHT]);
  });
});

describe('a login that is made', () => {
  const name = `spec_${randomBytes(6).toString('hex')}`;
  const login = { name, password: 'first', role: roles.ingest, mayReplicate: false };
  const urlWith = (password: string): string => {
    const url = new URL(database.url);
    Object.assign(url, { username: name, password });
    return url.href;
  };
  const logsIn = async (password: string): Promise<boolean> => {
    const client = new pg.Client({ connectionString: urlWith(password) });
    try {
      await client.connect();
      return true;
    } catch (error) {
      expect((error as pg.DatabaseError).code).toBe('28P01');
      return false;
    } finally {
      await client.end();
    }
  };
  afterEach(() => database.admin.query(`drop role if exists ${name}`));

  it('gets its new password when it is made again, and the old one opens nothing', async () => {
    await makeLogins(database.url, [login]);
    expect(await logsIn('first')).toBe(true);
    await makeLogins(database.url, [{ ...login, password: 'second' }]);
    expect([await logsIn('first'), await logsIn('second')]).toEqual([false, true]);
  });

  it('may be one of two that a service has, so that a password can change while the service runs', async () => {
    await makeLogins(database.url, [login]);
    const { login: found } = await prepareDatabase(urlWith('first'), roles.ingest, await readMigrations());
    expect(found).toEqual({ name, excess: null });
  });
});

describe('a service at its start', () => {
  let fresh: TestDatabase;
  beforeEach(async () => {
    fresh = await createTestDatabase({ migrated: false });
  });
  afterEach(() => fresh.drop());

  it('with its own login waits for a database that nobody has migrated, and says what to run', async () => {
    const shipped = await readMigrations();
    const start = () => prepareDatabase(fresh.urlOf(roles.ingest), roles.ingest, shipped);
    await expect(start()).rejects.toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
      message: expect.stringContaining(`lacks migration ${shipped[0]!.name}`),
    });
    await migrate(fresh.url, shipped);
    for (const role of Object.values(roleOfService))
      await expect(prepareDatabase(fresh.urlOf(role), role, shipped)).resolves.toMatchObject({
        login: { excess: null },
      });
  });

  it('with its own login refuses a database that is newer than it', async () => {
    const shipped = await readMigrations();
    await migrate(fresh.url, shipped);
    const older = prepareDatabase(fresh.urlOf(roles.output), roles.output, shipped.slice(0, -1));
    await expect(older).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('newer than the code'),
    });
  });

  it('with the superuser’s address of release 0.1 migrates by itself, and hears what is wrong with it', async () => {
    const shipped = await readMigrations();
    const { applied, login } = await prepareDatabase(fresh.url, roles.ingest, shipped);
    expect(applied).toEqual(shipped.map(({ name }) => name));
    expect(login.excess).toBe('it is a superuser');
  });

  it('with the login of another service refuses to go on, and names the fix', async () => {
    const start = prepareDatabase(fresh.urlOf(roles.output), roles.ingest, await readMigrations());
    await expect(start).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/is not in role assay_ingest.*assay migrate --logins/),
    });
  });

  it('hears of every role and power beyond its own', async () => {
    const shipped = await readMigrations();
    await migrate(fresh.url, shipped);
    const { login } = await prepareDatabase(fresh.urlOf(roles.operator), roles.ingest, shipped);
    expect(login.excess).toBe(
      'it may act as assay_bridge, act as assay_console, act as assay_operator, act as assay_output, act as assay_reader, act as assay_validator',
    );
  });
});
