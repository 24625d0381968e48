import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { channels } from '../contracts/channels.ts';
import { roles } from '../contracts/roles.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { Notifications } from './notifications.ts';
import { notify } from './notify.ts';
import type { Postgres } from './postgres.ts';

let database: TestDatabase;
let postgres: Postgres;
let listening: Notifications;
let rings = 0;
const lost: Error[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = database.as(roles.bridge);
  listening = new Notifications({
    settings: { DATABASE_URL: database.url },
    applicationName: 'spec',
    role: roles.output,
    onLost: (error) => lost.push(error),
  });
  listening.bell(channels.lines).onRing(() => rings++);
  await vi.waitUntil(() => rings === 1); // connected
});
afterAll(async () => {
  await listening.stop();
  await database.drop();
});

const notifyTwice = (work = async () => {}) =>
  postgres.transaction('synchronous', async (tx) => {
    await notify(tx, channels.lines);
    await notify(tx, channels.lines);
    await work();
  });

describe('a notification', () => {
  it('rings the bell of its channel once when its transaction commits', async () => {
    rings = 0;
    await notifyTwice();
    await vi.waitUntil(() => rings > 0);
    await notifyTwice();
    await vi.waitUntil(() => rings > 1);
    expect(rings).toBe(2);
  });

  it('is not heard of when the transaction is rolled back, nor by another channel', async () => {
    rings = 0;
    await expect(notifyTwice(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await postgres.transaction('synchronous', (tx) => notify(tx, channels.deliveries));
    await notifyTwice();
    await vi.waitUntil(() => rings > 0);
    expect(rings).toBe(1);
  });

  it('that came while nobody was connected is made up for by a ring when somebody is again', async () => {
    rings = 0;
    await database.admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'spec listening' and datname = current_database()`,
    );
    await vi.waitUntil(() => rings > 0, { timeout: 30_000 });
    expect(lost.length).toBeGreaterThan(0);
    await notifyTwice();
    await vi.waitUntil(() => rings > 1);
  });
});
