import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, accountOf, faultsOfAccount } from '../contracts/account.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { migrate, readMigrations } from './migrate.ts';

const MIGRATIONS_OF_THAT_RELEASE = 3;
const rowsFile = join(import.meta.dirname, 'testdata', 'release-0.1', 'rows.jsonl.gz');

/** Puts the rows in as text, table after table: what went through JavaScript would lose digits. */
async function loadRows(database: pg.Pool): Promise<void> {
  const byTable = new Map<string, string[]>();
  for (const line of gunzipSync(await readFile(rowsFile))
    .toString()
    .trimEnd()
    .split('\n')) {
    const [, table, row] = /^\["([a-z]+\.[a-z_]+)",(.*)\]$/.exec(line) as unknown as [string, string, string];
    if (!byTable.has(table)) byTable.set(table, []);
    byTable.get(table)!.push(row);
  }
  for (const [table, rows] of byTable)
    await database.query(
      `insert into ${table} overriding system value select * from json_populate_recordset(null::${table}, $1)`,
      [`[${rows.join(',')}]`],
    );
  for (const [table, column] of [
    ['public.quality_metrics', 'validation_id'],
    ['assay.output_lines', 'line_id'],
  ])
    await database.query(`select setval(pg_get_serial_sequence($1, $2), (select max(${column}) from ${table}))`, [
      table,
      column,
    ]);
}

const viewNames = `select table_name as name from information_schema.views where table_schema = 'lineage' order by 1`;

const documentPaths = `
  select doc_id, status, silver_path, silver_row, gold_path, gold_row from lineage.documents order by doc_id`;

/**
 * Every stop of every document. The last one is told as of now, so its time is left out. What one transaction wrote to both
 * streams has no order of its own.
 */
const journeys = `
  select doc_id, array_agg(concat_ws(' ', case when j.stop <> 'now' then j.at::text end, j.stop, j.event)
                           order by j.at, case when j.stop <> 'output' then j.place end, j.event) as stops
    from public.documents
   cross join lateral lineage.journey(doc_id) with ordinality as j (at, stop, event, detail, place)
   group by doc_id order by doc_id`;

interface Seen {
  readonly account: Account;
  readonly rowsOf: Readonly<Record<string, number>>;
  readonly documents: readonly object[];
  readonly journeys: readonly { readonly doc_id: string; readonly stops: readonly string[] }[];
}

/** What readers see. */
async function look(database: pg.Pool): Promise<Seen> {
  const rowsOf: Record<string, number> = {};
  for (const { name } of (await database.query<{ name: string }>(viewNames)).rows)
    rowsOf[name] = (await database.query(`select count(*)::integer as count from lineage.${name}`)).rows[0].count;
  return {
    account: accountOf((await database.query('select * from lineage.account')).rows[0]),
    rowsOf,
    documents: (await database.query(documentPaths)).rows,
    journeys: (await database.query(journeys)).rows,
  };
}

describe('a database that the last release made', () => {
  let database: TestDatabase;
  let before: Seen;
  let after: Seen;

  beforeAll(async () => {
    database = await createTestDatabase({ migrated: false });
    const migrations = await readMigrations();
    await migrate(database.url, migrations.slice(0, MIGRATIONS_OF_THAT_RELEASE));
    await loadRows(database.admin);
    before = await look(database.admin);
    await migrate(database.url, migrations);
    after = await look(database.admin);
  });
  afterAll(() => database.drop());

  it('holds the demo and unfinished work of every kind, and its account adds up', () => {
    expect(before.account).toMatchObject({
      received: 1010,
      documents: 1010,
      gold: 704,
      waiting_rows: 3,
      rows_under_way: 1,
    });
    expect(before.rowsOf).toMatchObject({ unseen: 4, label_files: 18, blobs: 16, gold_lines: 1445 });
    expect(faultsOfAccount(before.account)).toEqual([]);
  });

  it('has the same account after the newest migration', () => {
    expect(faultsOfAccount(after.account)).toEqual([]);
    expect(after.account).toMatchObject(before.account);
  });

  it('shows every document in the state and at the places it had', () => {
    expect(after.documents).toEqual(before.documents);
  });

  it('tells every document’s journey as before', () => {
    expect(after.journeys).toHaveLength(1010);
    expect(after.journeys).toEqual(before.journeys);
  });

  it('sends what waited and what was being sent, and nothing twice', async () => {
    const { rows } = await database.admin.query(
      'select state, count(*)::integer as documents from lineage.deliveries group by 1 order by 1',
    );
    expect(rows).toEqual([
      { state: 'leased', documents: 3 },
      { state: 'queued', documents: 4 },
      { state: 'sent', documents: 1000 },
    ]);
  });

  it('decides the manifest of an unfinished batch as the last release would have written it', async () => {
    const { rows } = await database.admin.query<{ content: Buffer; csv: string; sha256: string }>(
      `select manifest.content, csv.name as csv, csv.sha256
         from assay.batch_parts as manifest
         join assay.batch_parts as csv on csv.batch_id = manifest.batch_id and csv.place = 1
        where manifest.place = 0`,
    );
    expect(rows).toHaveLength(1);
    const [{ content, csv, sha256 }] = rows as [(typeof rows)[0]];
    const manifest = JSON.parse(content.toString()) as { rows: { row: number }[] };
    expect(manifest).toMatchObject({ blob: csv, sha256, count: 3, created_at: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(manifest.rows.map(({ row }) => row)).toEqual([1, 2, 3]);
    // The bytes, too: a try of the last release may have written the blob already.
    expect(content.toString()).toBe(`${JSON.stringify(manifest, null, 1)}\n`);
  });

  it('has as many rows in every view as before, and the line of gold that had no number yet', () => {
    expect(after.rowsOf).toMatchObject({ ...before.rowsOf, gold_lines: before.rowsOf['gold_lines']! + 1 });
  });

  it('gives the lines that had no number the next ones, and knows where each stream and its last segment end', async () => {
    const { rows } = await database.admin.query(
      `select stream, streams.last_seq::integer as ends, count(*)::integer as lines, max(seq)::integer as last,
              streams.bytes = sum(octet_length(line) + 1) as bytes_add_up,
              (select max(last_seq)::integer from assay.segments s where s.stream = streams.stream) as planned,
              (select count(*)::integer from assay.segments s
                where s.stream = streams.stream and confirmed_at is null) as unfinished
         from assay.streams join assay.output_lines using (stream)
        group by streams.stream, streams.last_seq, streams.bytes order by stream`,
    );
    const told = { bytes_add_up: true, unfinished: 1 };
    expect(rows).toEqual([
      { stream: 'disagreements', ends: 302, lines: 302, last: 302, planned: 300, ...told },
      { stream: 'gold', ends: 1446, lines: 1446, last: 1446, planned: 1444, ...told },
    ]);
  });

  it('has segments without a hole or an overlap, whose bytes are those of their lines', async () => {
    const { rows } = await database.admin.query(
      `select first_seq = coalesce(lag(last_seq) over (partition by s.stream order by s.number), 0) + 1 as follows,
              sha256 = (select encode(sha256(convert_to(string_agg(line || E'\\n', '' order by seq), 'UTF8')), 'hex')
                          from assay.output_lines l
                         where l.stream = s.stream and seq between first_seq and last_seq) as is_same
         from assay.segments s`,
    );
    expect(rows.length).toBeGreaterThan(4);
    for (const row of rows) expect(row).toEqual({ follows: true, is_same: true });
  });
});
