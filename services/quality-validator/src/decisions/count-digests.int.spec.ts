import { migrate, readMigrations } from '@assay/shared/postgres/migrate';
import { createTestDatabase, type TestDatabase } from '@assay/shared/testing/test-database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vote } from '../testing/known-vote.ts';
import { countChanges, type FieldCount } from './domain/count-votes.ts';

const LONG = `text:${'lang '.repeat(1_000)}`;
const names = ['ann', 'b"ö\\b', 'c\n\u0001\u007f', '\u{1f600}', 'あ'];

/** Votes of one field, as they were counted before keys were digests; the long label still fitted, because it repeats itself. */
const rows = (long: string) =>
  names.map((name, index) => ({
    ...vote(name, { field: 'fi"eld\n' }).row,
    label: index === 0 ? long : `choice:${name}`,
  }));

describe('counts that were kept by their keys', () => {
  let database: TestDatabase;
  let shortened: string;

  beforeAll(async () => {
    database = await createTestDatabase({ migrated: false });
    const migrations = await readMigrations();
    const before = migrations.findIndex(({ name }) => name.endsWith('-bounded-keys.sql'));
    await migrate(database.url, migrations.slice(0, before));
    await database.admin.query(
      `insert into assay.agreement_counts (shard, field, kind, key, n)
       select 0, field, kind, key, n from json_to_recordset($1) as c (field text, kind text, key text, n integer)`,
      [JSON.stringify(countChanges([], rows(LONG)))],
    );
    await migrate(database.url, migrations);
    const { rows: found } = await database.admin.query('select assay.short_label($1) as label', [LONG]);
    shortened = found[0].label;
  });
  afterAll(() => database.drop());

  it('are found by the digests that the validator makes, and their long labels are short', async () => {
    const { rows: found } = await database.admin.query<FieldCount>(
      'select field, kind, key, n, key_digest, pair_digest from assay.agreement_counts',
    );
    const byDigest = (a: FieldCount, b: FieldCount) => (a.key_digest < b.key_digest ? -1 : 1);
    expect(shortened).toMatch(/^text:lang .*…sha256:[0-9a-f]{64}$/);
    expect(found.toSorted(byDigest)).toEqual([...countChanges([], rows(shortened))].toSorted(byDigest));
  });
});
