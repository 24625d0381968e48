import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { dumpSchema } from './schema-dump.ts';

const snapshot = join(import.meta.dirname, 'schema.snapshot.txt');
const REFRESH = 'UPDATE_SCHEMA=1 npx vitest run --project int libs/shared/src/postgres/schema-dump';

describe('the schema the migrations make', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('is the one that was reviewed', async () => {
    const dump = await dumpSchema(database.admin);
    if (process.env['UPDATE_SCHEMA'] === '1') await writeFile(snapshot, dump);
    const reviewed = await readFile(snapshot, 'utf8');
    expect(dump, `the migrations make another schema than schema.snapshot.txt. If that is meant: ${REFRESH}`).toBe(
      reviewed,
    );
  });

  it('reads the same from any database', async () => {
    const other = await createTestDatabase();
    expect(await dumpSchema(other.admin)).toBe(await dumpSchema(database.admin));
    await other.drop();
  });

  it.each([
    ['a column', 'alter table public.documents add column another text', '  another text\n'],
    ['a default', "alter table public.documents alter column text set default 'x'", "text default 'x'::text"],
    [
      'a check',
      'alter table public.documents add constraint short check (priority < 5)',
      'short: CHECK ((priority < 5))',
    ],
    ['an index', 'create index another_index on public.documents (priority)', 'CREATE INDEX another_index'],
    ['a right', 'grant delete on public.documents to assay_reader', 'assay_reader: DELETE'],
    ['a right on one column', 'grant update (text) on public.documents to assay_output', 'assay_output: UPDATE'],
    [
      'a published operation',
      "alter publication assay set (publish = 'insert, delete')",
      'assay publishes insert, delete',
    ],
    [
      'a trigger',
      'create trigger t before delete on public.documents for each row execute function suppress_redundant_updates_trigger()',
      'CREATE TRIGGER t',
    ],
  ])('shows %s', async (_what, change, expected) => {
    const client = await database.admin.connect();
    await client.query('begin');
    const before = await dumpSchema(client);
    await client.query(change);
    const after = await dumpSchema(client);
    await client.query('rollback');
    client.release();
    expect(before).not.toContain(expected);
    expect(after).toContain(expected);
  });
});
