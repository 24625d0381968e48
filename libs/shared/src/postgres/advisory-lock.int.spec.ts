import { afterAll, beforeAll, expect, it } from 'vitest';
import { roles } from '../contracts/roles.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { underLock } from './advisory-lock.ts';
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
