import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roles } from '../contracts/roles.ts';
import { PipelineError } from '../errors/pipeline-error.ts';
import type { Statement } from './statement.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { createPool, createPostgres, type Postgres } from './postgres.ts';

let database: TestDatabase;
let postgres: Postgres;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.admin.query(`
    create table public.things (id int primary key, n int not null default 0);
    insert into public.things (id) values (1), (2);
    grant select, insert, update on public.things to assay_ingest;
    create table public.names (name text unique);
    grant insert on public.names to assay_ingest;
    create table public.secrets (id int)`);
  postgres = database.as(roles.ingest);
});
afterAll(() => database.drop());

const statement = (text: string, name = text.slice(0, 40)): Statement => ({ name, text });
const insert = statement('insert into public.things (id) values ($1)', 'insert-thing');
const update = statement('update public.things set n = n + 1 where id = $1', 'update-thing');

async function ids(): Promise<readonly number[]> {
  const { rows } = await database.admin.query<{ id: number }>('select id from public.things order by id');
  return rows.map(({ id }) => id);
}
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error,
  );

describe('a transaction', () => {
  it('commits what it did when its work ends well, and answers what the work answered', async () => {
    const answer = await postgres.transaction('synchronous', async (tx) => {
      await tx.query(insert, [10]);
      return 'done';
    });
    expect(answer).toBe('done');
    expect(await ids()).toContain(10);
  });

  it('leaves nothing when its work fails, and passes the failure on', async () => {
    const work = postgres.transaction('synchronous', async (tx) => {
      await tx.query(insert, [11]);
      throw new Error('after the insert');
    });
    await expect(work).rejects.toThrow('after the insert');
    expect(await ids()).not.toContain(11);
  });

  it('that failed is rolled back on its own connection: its locks are free when its caller hears of it', async () => {
    const pid = statement('select pg_backend_pid() as pid', 'pid');
    const seen: unknown[] = [];
    const work = postgres.transaction('synchronous', async (tx) => {
      seen.push(await tx.query(pid, []));
      throw new Error('after the lock');
    });
    await expect(work).rejects.toThrow('after the lock');
    expect([await postgres.query(pid, [])]).toEqual(seen);
  });

  it('leaves nothing when a statement fails', async () => {
    const work = postgres.transaction('synchronous', async (tx) => {
      await tx.query(insert, [12]);
      await tx.query(insert, [12]);
    });
    await expect(work).rejects.toThrow('duplicate key');
    expect(await ids()).not.toContain(12);
  });

  it.each([
    ['replayable', 'off'],
    ['synchronous', 'on'],
  ] as const)('that is %s has synchronous_commit %s, and only it', async (durability, expected) => {
    const show = statement('show synchronous_commit');
    const inside = await postgres.transaction(durability, (tx) => tx.query(show, []));
    expect(inside).toEqual([{ synchronous_commit: expected }]);
    expect(await postgres.query(show, [])).toEqual([{ synchronous_commit: 'on' }]);
  });

  it('does not use up the pool when it fails', async () => {
    for (let n = 0; n < 10; n++)
      await failureOf(postgres.transaction('synchronous', () => Promise.reject(new Error('again'))));
    await expect(postgres.query(statement('select 1 as one'), [])).resolves.toEqual([{ one: 1 }]);
  });
});

describe('what may pass by itself', () => {
  it('a deadlock is a conflict', async () => {
    const both = (first: number, second: number, ready: () => Promise<void>) =>
      postgres.transaction('synchronous', async (tx) => {
        await tx.query(update, [first]);
        await ready();
        await tx.query(update, [second]);
      });
    let waiting = 0;
    const released = Promise.withResolvers<void>();
    const ready = async () => {
      if (++waiting === 2) released.resolve();
      await released.promise;
    };
    const results = await Promise.allSettled([both(1, 2, ready), both(2, 1, ready)]);
    const failed = results.filter((result) => result.status === 'rejected');
    expect(failed.map(({ reason }) => (reason as PipelineError).code)).toEqual(['WRITE_CONFLICT']);
    expect((failed[0]!.reason as PipelineError).message).toBe('update thing: SQLSTATE 40P01');
  });

  it('a lock that takes too long is a conflict', async () => {
    const holder = await database.admin.connect();
    await holder.query('begin; update public.things set n = 0 where id = 1');
    const settings = { DATABASE_URL: database.url, DATABASE_POOL_SIZE: 2, KAFKA_SESSION_TIMEOUT_MS: 600 };
    const pool = createPool({ settings, applicationName: 'hurried', role: roles.ingest });
    const hurried = createPostgres(pool, () => {});
    const failure = await failureOf(hurried.query(update, [1]));
    await holder.query('rollback');
    holder.release();
    await hurried.close();
    expect(failure).toMatchObject({ code: 'WRITE_CONFLICT', message: 'update thing: SQLSTATE 55P03' });
  });

  it('a statement that takes too long is an outage', async () => {
    const settings = { DATABASE_URL: database.url, DATABASE_POOL_SIZE: 2, KAFKA_SESSION_TIMEOUT_MS: 600 };
    const hurried = createPostgres(createPool({ settings, applicationName: 'hurried', role: roles.ingest }), () => {});
    const failure = await failureOf(hurried.query(statement('select pg_sleep(5)'), []));
    await hurried.close();
    expect(failure).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', dependency: 'postgres' });
  });

  it('a connection the server ended between two statements is an outage, and the next transaction works', async () => {
    const settings = { DATABASE_URL: database.url, DATABASE_POOL_SIZE: 1, KAFKA_SESSION_TIMEOUT_MS: 30_000 };
    const pool = createPool({ settings, applicationName: 'ended', role: roles.ingest });
    const ended = Promise.withResolvers<void>();
    pool.on('connect', (client) => client.once('end', ended.resolve));
    const one = createPostgres(pool, () => {});
    const failure = await failureOf(
      one.transaction('synchronous', async (tx) => {
        const [row] = await tx.query<{ pid: number }>(statement('select pg_backend_pid() as pid'), []);
        await database.admin.query('select pg_terminate_backend($1)', [row!.pid]);
        await ended.promise;
        await tx.query(insert, [20]);
      }),
    );
    expect(failure).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', dependency: 'postgres' });
    expect(await ids()).not.toContain(20);
    await one.transaction('synchronous', (tx) => tx.query(insert, [21]));
    await one.close();
    expect(await ids()).toContain(21);
  });

  it('an idle connection the server ended is an event, not an exception', async () => {
    const ended: Error[] = [];
    const settings = { DATABASE_URL: database.url, DATABASE_POOL_SIZE: 2, KAFKA_SESSION_TIMEOUT_MS: 30_000 };
    const pool = createPool({ settings, applicationName: 'idle', role: roles.ingest });
    const said = Promise.withResolvers<void>();
    const idle = createPostgres(pool, (error) => {
      ended.push(error);
      said.resolve();
    });
    const [row] = await idle.query<{ pid: number }>(statement('select pg_backend_pid() as pid'), []);
    await database.admin.query('select pg_terminate_backend($1)', [row!.pid]);
    await said.promise;
    await expect(idle.query(statement('select 1 as one'), [])).resolves.toEqual([{ one: 1 }]);
    await idle.close();
    expect(ended).toHaveLength(1);
  });

  it.each([
    ['nobody listens', (url: URL) => (url.port = '1')],
    ['the database is gone', (url: URL) => (url.pathname = '/assay_test_never_made')],
  ])('%s: an outage', async (_what, change) => {
    const url = new URL(database.url);
    change(url);
    const settings = { DATABASE_URL: url.href, DATABASE_POOL_SIZE: 2, KAFKA_SESSION_TIMEOUT_MS: 30_000 };
    const nowhere = createPostgres(createPool({ settings, applicationName: 'spec', role: roles.ingest }), () => {});
    const failures = [
      await failureOf(nowhere.query(statement('select 1'), [])),
      await failureOf(nowhere.transaction('synchronous', async () => {})),
    ];
    await nowhere.close();
    for (const failure of failures)
      expect(failure).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', dependency: 'postgres' });
  });
});

describe('what the values of a row can cause', () => {
  it.each([
    ['a number out of range', 'insert into public.things (id) values (99999999999)', 'CONTRACT_VIOLATED'],
    [
      'an index row that is too large',
      `insert into public.names select string_agg(md5(n::text), '') from generate_series(1, 1000) as n`,
      'PAYLOAD_TOO_LARGE',
    ],
  ])('%s is told as such, and no retry helps', async (_what, text, code) => {
    const failure = await failureOf(postgres.query(statement(text), []));
    expect(failure).toMatchObject({ code, retriable: false });
  });
});

describe('what is a bug', () => {
  it.each([
    ['a right that is missing', statement('select * from public.secrets'), '42501'],
    ['a table that is missing', statement('select * from public.nothing'), '42P01'],
    ['a constraint that is broken', statement('insert into public.things (id) values (1)'), '23505'],
    ['a division by zero', statement('select 1 / 0'), '22012'],
  ])('%s passes as it is: no retry, the process ends', async (_what, broken, state) => {
    const failure = await failureOf(postgres.query(broken, []));
    expect(failure).not.toBeInstanceOf(PipelineError);
    expect(failure).toMatchObject({ code: state });
  });
});

describe('a service’s role', () => {
  it('is what statements run as, inside and outside transactions', async () => {
    const who = statement('select current_user as who');
    expect(await postgres.query(who, [])).toEqual([{ who: roles.ingest }]);
    expect(await postgres.transaction('replayable', (tx) => tx.query(who, []))).toEqual([{ who: roles.ingest }]);
  });

  it('tells time in UTC, whatever the server is set to', async () => {
    expect(await postgres.query(statement('show timezone'), [])).toEqual([{ TimeZone: 'UTC' }]);
  });
});
