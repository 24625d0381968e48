import { roles } from '@assay/shared/contracts/roles';
import { topics } from '@assay/shared/contracts/topics';
import type { TopicWriter } from '@assay/shared/pipeline/topic-writer';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { createTestDatabase, type TestDatabase } from '@assay/shared/testing/test-database';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { placedWriter } from './label-placement.ts';

let database: TestDatabase;
let postgres: Postgres;
beforeAll(async () => {
  database = await createTestDatabase();
  postgres = database.as(roles.bridge);
});
afterAll(() => database.drop());

it('a path goes where it went first, though partitions were added meanwhile', async () => {
  const sent: unknown[] = [];
  const writer: TopicWriter = { write: async (_topic, messages, among) => void sent.push([messages[0]?.key, among]) };
  const write = async (path: string) => {
    const placed = await placedWriter(postgres, writer, path);
    await placed.write(topics.labels, [{ key: path, value: null }]);
  };
  await write('before.csv');
  await database.admin.query('update assay.installation set partitions = 9');
  await write('before.csv');
  await Promise.all(['after.csv', 'after.csv'].map(write)); // by two instances at once
  expect(sent).toEqual([
    ['before.csv', 6],
    ['before.csv', 6],
    ['after.csv', 9],
    ['after.csv', 9],
  ]);
});
