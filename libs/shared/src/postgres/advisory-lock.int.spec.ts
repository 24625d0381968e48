import { afterAll, beforeAll, expect, it } from 'vitest';
import { roles } from '../contracts/roles.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { inTurn, underLock } from './advisory-lock.ts';
import type { Postgres } from './postgres.ts';

let database: TestDatabase;
let postgres: Postgres;
let other: Postgres;
beforeAll(async () => {
  database = await createTestDatabase();
  postgres = database.as(roles.output);
  other = database.as(roles.output);
});
afterAll(() => database.drop());

const lock = { name: 'a lock of a spec' };

it('two instances never work under one lock at once: the second does nothing and does not wait', async () => {
  const entered = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const first = underLock(postgres, lock, async () => {
    entered.resolve();
    await released.promise;
    return 'first';
  });
  await entered.promise;
  expect(await underLock(other, lock, async () => 'second')).toBeNull();
  expect(await underLock(other, { name: 'another lock' }, async () => 'second')).toBe('second');
  released.resolve();
  expect(await first).toBe('first');
  expect(await underLock(other, lock, async () => 'second')).toBe('second');
});

it('work that fails gives the lock back', async () => {
  await expect(underLock(postgres, lock, () => Promise.reject(new Error('it ends')))).rejects.toThrow('it ends');
  expect(await underLock(other, lock, async () => 'next')).toBe('next');
});

it('who takes turns waits for the one before, however it ends', async () => {
  const story: string[] = [];
  const turn = (name: string, end: () => Promise<string>) =>
    inTurn(database.url, lock, async () => {
      story.push(`${name} begins`);
      await new Promise(setImmediate);
      story.push(`${name} ends`);
      return end();
    });
  const fails = () => Promise.reject(new Error('it ends'));
  const turns = await Promise.allSettled([turn('one', async () => 'done'), turn('two', fails), turn('three', fails)]);
  expect(turns.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  const names = story.map((line) => line.split(' ', 1)[0]);
  expect(story.filter((line) => line.endsWith('begins'))).toHaveLength(3);
  for (let at = 0; at < names.length; at += 2) expect(names[at]).toBe(names[at + 1]);
});

it('a turn that does not come in time is an outage', async () => {
  const released = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const first = inTurn(database.url, lock, async () => {
    entered.resolve();
    await released.promise;
  });
  await entered.promise;
  await expect(inTurn(database.url, lock, async () => {}, 200)).rejects.toMatchObject({
    code: 'DEPENDENCY_UNAVAILABLE',
  });
  released.resolve();
  await first;
});
