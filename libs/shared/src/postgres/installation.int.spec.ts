import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { roles } from '../contracts/roles.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { choosePartitions, chosenPartitions, partitionsOf, recordRaise } from './installation.ts';
import type { Postgres } from './postgres.ts';

let database: TestDatabase;
let ingest: Postgres;
let bridge: Postgres;
let reader: Postgres;
beforeAll(async () => {
  database = await createTestDatabase();
  ingest = database.as(roles.ingest);
  bridge = database.as(roles.bridge);
  reader = database.as(roles.reader);
});
afterAll(() => database.drop());
beforeEach(async () => void (await database.admin.query('delete from assay.installation')));

describe('the number of partitions', () => {
  it('is chosen by the first service that starts, and holds for all others', async () => {
    expect(await choosePartitions(ingest, 8)).toBe(8);
    expect(await choosePartitions(bridge, undefined)).toBe(8);
    expect(await chosenPartitions(reader, undefined)).toBe(8);
    expect(await partitionsOf(reader)).toBe(8);
  });

  it('is six when nobody says anything', async () => {
    expect(await choosePartitions(ingest, undefined)).toBe(6);
  });

  it('is one, whoever starts at the same time', async () => {
    const chosen = await Promise.allSettled([6, 8, 10, 12].map((wanted) => choosePartitions(ingest, wanted)));
    const accepted = chosen.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(accepted).toEqual([await partitionsOf(reader)]);
  });

  it('is waited for by a service that changes nothing', async () => {
    await expect(chosenPartitions(reader, undefined)).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
  });

  it.each([
    [12, 'Raise it with `assay partitions --raise 12`'],
    [3, 'Kafka takes no partition away: unset KAFKA_PARTITIONS.'],
  ])('is refused when a service is told %i instead', async (wanted, way) => {
    await choosePartitions(ingest, 6);
    for (const ask of [() => choosePartitions(ingest, wanted), () => chosenPartitions(reader, wanted)])
      await expect(ask()).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(way) });
  });

  it('is raised and never lowered', async () => {
    await choosePartitions(ingest, 6);
    await recordRaise(bridge, 12);
    await recordRaise(bridge, 8);
    expect(await choosePartitions(ingest, undefined)).toBe(12);
  });
});
