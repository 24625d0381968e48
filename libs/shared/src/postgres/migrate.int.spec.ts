import { createHash } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { roles } from '../contracts/roles.ts';
import { createTestDatabase, refuseOtherDatabases, type TestDatabase } from '../testing/test-database.ts';
import { migrate, type Migration, readMigrations } from './migrate.ts';

let shipped: readonly Migration[];
let database: TestDatabase;

beforeAll(async () => {
  shipped = await readMigrations();
});
beforeEach(async () => {
  database = await createTestDatabase({ migrated: false });
});
afterEach(() => database.drop());

const extra = (version: number, sql: string): Migration => ({
  version,
  name: `${String(version).padStart(4, '0')}-of-a-spec.sql`,
  sql,
  sha256: createHash('sha256').update(sql).digest('hex'),
});
const next = (sql: string): readonly Migration[] => [...shipped, extra(shipped.at(-1)!.version + 1, sql)];
const applied = async (): Promise<readonly number[]> => {
  const { rows } = await database.admin.query<{ version: number }>('select version from assay.migrations order by 1');
  return rows.map(({ version }) => version);
};
const exists = async (table: string): Promise<boolean> => {
  const { rows } = await database.admin.query('select to_regclass($1) is not null as found', [table]);
  return rows[0].found;
};

describe('migrating', () => {
  it('an empty database applies everything in order and says what', async () => {
    expect(await migrate(database.url, shipped)).toEqual(shipped.map(({ name }) => name));
    expect(await applied()).toEqual(shipped.map(({ version }) => version));
  });

  it('a database that is up to date applies nothing', async () => {
    await migrate(database.url, shipped);
    expect(await migrate(database.url, shipped)).toEqual([]);
  });

  it('a database of an older release applies what is new', async () => {
    await migrate(database.url, shipped);
    expect(await migrate(database.url, next('create table public.new_thing (id int)'))).toEqual([
      extra(shipped.at(-1)!.version + 1, '').name,
    ]);
    expect(await exists('public.new_thing')).toBe(true);
  });

  it('from several services at once applies each migration once', async () => {
    const all = next('create table public.new_thing (id int); select pg_sleep(0.1)');
    const results = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url, all)));
    expect(results.flat().toSorted()).toEqual(all.map(({ name }) => name));
    expect(await applied()).toEqual(all.map(({ version }) => version));
  });

  it('several databases of one server at once works: they share its roles', async () => {
    const others = await Promise.all([1, 2, 3, 4, 5].map(() => createTestDatabase({ migrated: false })));
    const results = await Promise.all([database, ...others].map(({ url }) => migrate(url, shipped)));
    expect(results.map(({ length }) => length)).toEqual(Array(6).fill(shipped.length));
    for (const other of others) await other.drop();
  });
});

describe('a migration that fails', () => {
  it('leaves nothing of itself and keeps what came before', async () => {
    const broken = next('create table public.half (id int); select 1 / 0');
    await expect(migrate(database.url, broken)).rejects.toThrow(
      `migration ${extra(shipped.at(-1)!.version + 1, '').name}: division by zero`,
    );
    expect(await exists('public.half')).toBe(false);
    expect(await applied()).toEqual(shipped.map(({ version }) => version));
  });

  it('lets the next one try again', async () => {
    await expect(migrate(database.url, next('select 1 / 0'))).rejects.toThrow('division by zero');
    await expect(migrate(database.url, next('select 1'))).resolves.toHaveLength(1);
  });
});

describe('a database that is not this release’s', () => {
  it('newer than the code is refused, with what it has and what to do', async () => {
    await migrate(database.url, next('select 1'));
    await expect(migrate(database.url, shipped)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `the database has migration ${extra(shipped.at(-1)!.version + 1, '').name}, which this release does not know: it is newer than the code. Start a release that knows it.`,
    });
  });

  it('with a migration that was changed after it shipped is refused', async () => {
    await migrate(database.url, shipped);
    const changed = shipped.map((one, index) => (index === 0 ? { ...one, sha256: 'another' } : one));
    await expect(migrate(database.url, changed)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(`migration ${shipped[0]!.name} in the database is not the one of this release`),
    });
  });

  it('out of reach is an outage, which the boot waits for', async () => {
    const gone = new URL(database.url);
    gone.port = '1';
    await expect(migrate(gone.href, shipped)).rejects.toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
      dependency: 'postgres',
    });
  });
});

describe('the roles', () => {
  it('are all made, none of them may log in by itself or is more than a role', async () => {
    await migrate(database.url, shipped);
    const names = Object.values(roles).filter((role) => role !== roles.owner);
    const { rows } = await database.admin.query(
      'select rolname, rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls from pg_roles where rolname = any ($1) order by 1',
      [names],
    );
    expect(rows.map(({ rolname }) => rolname)).toEqual(names.toSorted());
    const powerful = rows.filter((row) => Object.values(row).includes(true));
    expect(powerful).toEqual([]);
  });
});

describe('the guard of the specs', () => {
  it.each(['postgres', 'assay', 'production', 'my_assay_test_db'])('refuses database %s', (name) => {
    expect(() => refuseOtherDatabases(`postgres://somebody@host:5432/${name}`)).toThrow(`"${name}"`);
  });
});
