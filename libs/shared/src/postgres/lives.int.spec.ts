import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { roles } from '../contracts/roles.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { beginLife, holdLives, stayInLife, thisLife } from './lives.ts';
import type { Postgres } from './postgres.ts';

describe('lives of a database', () => {
  let database: TestDatabase;
  let validator: Postgres;
  beforeAll(async () => {
    database = await createTestDatabase();
    validator = database.as(roles.validator);
  });
  afterAll(() => database.drop());
  beforeEach(() => database.admin.query('delete from assay.lives where life > 1'));

  const stay = (postgres: Postgres) => postgres.transaction('synchronous', (tx) => stayInLife(tx));
  const lives = async (of: TestDatabase) =>
    (await of.admin.query('select life, reason, captured_at is null as uncaptured from lineage.lives order by 1')).rows;

  it('the first begins with the database and lasts while it stays where it is', async () => {
    expect(await stay(validator)).toBe(1);
    expect(await thisLife(database.as(roles.output))).toBe(1);
    expect(await lives(database)).toEqual([{ life: 1, reason: 'the database was made', uncaptured: false }]);
  });

  it('another begins in a copy, once, and not in the original', async () => {
    const copy = await createTestDatabase({ copyOf: database });
    const there = copy.as(roles.validator);
    expect(await Promise.all([stay(there), stay(there), stay(there)])).toEqual([2, 2, 2]);
    expect(await lives(copy)).toEqual([
      expect.objectContaining({ life: 1 }),
      {
        life: 2,
        reason: 'it is another cluster, timeline or database than that of life 1',
        uncaptured: true,
      },
    ]);
    const copyOfCopy = await createTestDatabase({ copyOf: copy });
    expect(await stay(copyOfCopy.as(roles.validator))).toBe(3);
    await copyOfCopy.drop();
    await copy.drop();
    expect(await stay(validator)).toBe(1);
  });

  it('another begins when somebody has seen one end, above it, and once', async () => {
    const begin = (outdone: number) =>
      validator.transaction('synchronous', async (tx) => {
        await holdLives(tx);
        return beginLife(tx, outdone, 'a spec says so');
      });
    expect(await Promise.all([begin(1), begin(1)])).toEqual([2, 2]);
    expect(await begin(1), 'which ended before').toBe(2);
    expect(await begin(6), 'of which this database knew nothing').toBe(7);
    expect(await stay(validator)).toBe(7);
  });

  it('none begins while somebody decides in this one', async () => {
    const told: string[] = [];
    const entered = Promise.withResolvers<void>();
    const blocked = async () => {
      const text = `select from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`;
      while ((await database.admin.query(text)).rows.length === 0) await new Promise(setImmediate);
    };
    const deciding = validator.transaction('synchronous', async (tx) => {
      await stayInLife(tx);
      entered.resolve();
      await blocked();
      told.push('decided');
    });
    await entered.promise;
    const beginning = validator.transaction('synchronous', async (tx) => {
      await holdLives(tx);
      told.push('held');
    });
    await Promise.all([deciding, beginning]);
    expect(told).toEqual(['decided', 'held']);
  });
});
