import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { roles } from '../contracts/roles.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import type { Postgres } from './postgres.ts';
import { textArray } from './text-array.ts';

let database: TestDatabase;
let postgres: Postgres;
beforeAll(async () => {
  database = await createTestDatabase();
  postgres = database.as(roles.ingest);
});
afterAll(() => database.drop());

const echo = { name: 'echo-texts', text: 'select $1::text[] as texts' };
const asPostgresReads = async (values: readonly (string | null)[]) =>
  (await postgres.query<{ texts: readonly (string | null)[] }>(echo, [textArray(values)]))[0]!.texts;

it.each([
  ['nothing', []],
  ['a null', [null]],
  ['empty texts', ['', '']],
  ['what a text form would have to escape', ['{a,b}', '"', '\\', 'null', ' a ', '\n\t\u0001']],
  ['letters beyond ASCII and beyond Latin-1', ['äöü', 'ÿ\u0080', '日本', '😀', 'é'.repeat(70_000)]],
  ['many', Array.from({ length: 3_000 }, (_, n) => `text ${n}`)],
])('a list of texts arrives as it is: %s', async (_what, values) => {
  expect(await asPostgresReads(values)).toEqual(values);
});

it('arrives as it is, whatever it holds', async () => {
  const text = fc.string({ unit: 'binary' }).map((any) => any.replaceAll('\0', '').toWellFormed());
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text)), async (values) => {
      expect(await asPostgresReads(values)).toEqual(values);
    }),
    { numRuns: 25 },
  );
});
