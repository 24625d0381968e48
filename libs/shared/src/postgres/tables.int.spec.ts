import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roles } from '../contracts/roles.ts';
import type { TableContract } from '../contracts/tables/table-contract.ts';
import { changeEventTables, PUBLICATION, tables } from '../contracts/tables.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const contracts: readonly TableContract[] = Object.values(tables);
const fullName = ({ schema, name }: { schema: string; name: string }) => `${schema}.${name}`;
const servicesAndReaders = Object.values(roles).filter((role) => role !== roles.owner);

async function column<T>(sql: string, values: unknown[] = []): Promise<readonly T[]> {
  const { rows } = await database.admin.query({ text: sql, values, rowMode: 'array' });
  return rows.map((row: unknown[]) => row[0] as T);
}

/** `table: PRIVILEGE` for everything a role may do to whole tables, views and sequences of ours. */
const tableRights = (role: string) =>
  column<string>(
    `select n.nspname || '.' || c.relname || ': ' || p.privilege
       from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
      cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) as p (privilege)
      where n.nspname in ('public', 'assay', 'lineage') and c.relkind in ('r', 'p', 'v', 'm')
        and has_table_privilege($1, c.oid, p.privilege)
      order by 1`,
    [role],
  );

/** `table.column` for every column a role may read, whether by the table or by itself. */
const readableColumns = (role: string) =>
  column<string>(
    `select n.nspname || '.' || c.relname || '.' || a.attname
       from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where n.nspname in ('public', 'assay', 'lineage') and c.relkind in ('r', 'p', 'v', 'm')
        and has_column_privilege($1, c.oid, a.attnum, 'SELECT')
      order by n.nspname, c.relname, a.attnum`,
    [role],
  );

describe('the tables of the contract and of the database', () => {
  it('are the same tables', async () => {
    const found = await column<string>(
      `select table_schema || '.' || table_name from information_schema.tables
        where table_schema in ('public', 'assay') and table_type = 'BASE TABLE' order by 1`,
    );
    expect(found.toSorted()).toEqual(contracts.map(fullName).toSorted());
  });

  it.each(contracts.map((contract) => [fullName(contract), contract] as const))(
    '%s has the columns it says, and its primary key',
    async (name, { columns, primaryKey }) => {
      const found = await column<string>(
        `select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
        [name],
      );
      expect(found.toSorted()).toEqual(Object.keys(columns).toSorted());
      const key = await column<string>(
        `select a.attname
           from pg_index i
          cross join unnest(i.indkey) with ordinality as k (attnum, place)
           join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
          where i.indrelid = $1::regclass and i.indisprimary order by k.place`,
        [name],
      );
      expect(key).toEqual(primaryKey);
    },
  );

  it('compare doc_id byte by byte everywhere, so that every index and every sort agrees', async () => {
    const others = await column<string>(
      `select a.attrelid::regclass::text
         from pg_attribute a
         join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
         join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('public', 'assay')
         left join pg_collation l on l.oid = a.attcollation
        where a.attname = 'doc_id' and l.collname is distinct from 'C'`,
    );
    expect(others).toEqual([]);
  });
});

describe('what Debezium may see', () => {
  it('is what the publication carries, column by column, and inserts alone', async () => {
    const published = await column<string>(
      `select schemaname || '.' || tablename || ' (' || array_to_string(attnames, ', ') || ')'
         from pg_publication_tables where pubname = $1`,
      [PUBLICATION],
    );
    const expected = changeEventTables.map((table) => `${fullName(table)} (${table.changeEvents.columns.join(', ')})`);
    expect(published.toSorted()).toEqual(expected.toSorted());

    const { rows } = await database.admin.query(
      'select pubinsert, pubupdate, pubdelete, pubtruncate, puballtables from pg_publication where pubname = $1',
      [PUBLICATION],
    );
    expect(rows).toEqual([
      { pubinsert: true, pubupdate: false, pubdelete: false, pubtruncate: false, puballtables: false },
    ]);
  });

  it('is what its role may read, and that role may do nothing else', async () => {
    const expected = changeEventTables.flatMap((table) =>
      table.changeEvents.columns.map((name) => `${fullName(table)}.${name}`),
    );
    expect((await readableColumns(roles.cdc)).toSorted()).toEqual(expected.toSorted());
    expect(await tableRights(roles.cdc)).toEqual([]);
  });

  it('never includes where the raw ticket lies', () => {
    const all = changeEventTables.flatMap(({ changeEvents }) => changeEvents.columns);
    expect(all).not.toContain('bronze_path');
  });
});

describe('what a reader may see', () => {
  it('is the views of schema lineage and nothing below them', async () => {
    const rights = await tableRights(roles.reader);
    expect(rights.length).toBeGreaterThan(0);
    expect(rights.filter((right) => !/^lineage\.\w+: SELECT$/.test(right))).toEqual([]);
    const lower = (await readableColumns(roles.reader)).filter((name) => !name.startsWith('lineage.'));
    expect(lower).toEqual([]);
  });

  it('shows no path of a raw ticket as a column', async () => {
    expect((await readableColumns(roles.reader)).filter((name) => name.endsWith('bronze_path'))).toEqual([]);
  });

  it('works: a view reads what the reader may not', async () => {
    const reader = database.as(roles.reader);
    const read = (text: string) => reader.query({ name: text, text }, []);
    await expect(read('select count(*)::integer as count from lineage.documents')).resolves.toEqual([{ count: 0 }]);
    await expect(read('select * from public.documents')).rejects.toThrow('permission denied');
    await expect(read('select * from assay.offsets')).rejects.toThrow('permission denied for schema assay');
  });
});

describe('what a service may do', () => {
  /** What Debezium reads, where an update would be a change event nobody expects, and the history of votes. */
  const insertOnly = [...changeEventTables.map(fullName), fullName(tables.qualityMetrics)];

  it.each(servicesAndReaders)('%s changes and deletes no row of an insert-only table', async (role) => {
    const forbidden = (await tableRights(role)).filter(
      (right) => insertOnly.some((table) => right.startsWith(`${table}:`)) && /UPDATE|DELETE|TRUNCATE/.test(right),
    );
    expect(forbidden).toEqual([]);
    const columns = await column<string>(
      `select c.oid::regclass::text || '.' || a.attname
         from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.oid = any ($2::regclass[]) and has_column_privilege($1, c.oid, a.attnum, 'UPDATE')`,
      [role, insertOnly],
    );
    expect(columns).toEqual([]);
  });

  it.each(servicesAndReaders)('%s empties no table, and makes nothing in our schemas', async (role) => {
    expect((await tableRights(role)).filter((right) => /TRUNCATE|TRIGGER/.test(right))).toEqual([]);
    const creates = await column<string>(
      `select nspname from pg_namespace where nspname in ('public', 'assay', 'lineage') and has_schema_privilege($1, oid, 'CREATE')`,
      [role],
    );
    expect(creates).toEqual([]);
  });

  const lanes = [roles.ingest, roles.bridge, roles.validator, roles.output];
  /** Tables that more than one service writes: each lane its own rows; rows are rejected when
   * they are read, or when their document never came. */
  const writersOfShared: Readonly<Record<string, readonly string[]>> = {
    [fullName(tables.offsets)]: lanes,
    [fullName(tables.rejectedRows)]: [roles.bridge, roles.validator],
    [fullName(tables.installation)]: lanes,
    [fullName(tables.migrations)]: [],
    [fullName(tables.lives)]: [],
    [fullName(tables.forkedDocuments)]: [roles.output, roles.validator],
  };

  it.each(contracts.map((contract) => [fullName(contract), contract] as const))(
    '%s is written by its owner alone',
    async (name, { owner }) => {
      const writers: string[] = [];
      for (const role of servicesAndReaders)
        if ((await tableRights(role)).some((right) => right.startsWith(`${name}: `) && /INSERT|UPDATE/.test(right)))
          writers.push(role);
      expect(writers.toSorted()).toEqual((writersOfShared[name] ?? [owner]).toSorted());
    },
  );

  it('is not what everybody may do: PUBLIC has nothing', async () => {
    const open = await column<string>(
      `select c.oid::regclass::text
         from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) a
        where n.nspname in ('public', 'assay', 'lineage') and a.grantee = 0
       union all
       select p.oid::regprocedure::text
         from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ('public', 'assay', 'lineage')
          and (p.proacl is null or exists (select from aclexplode(p.proacl) a where a.grantee = 0))`,
    );
    expect(open).toEqual([]);
  });

  it('does not come from another service: no role is a member of another, but the operator’s, and the console’s of the reader’s', async () => {
    const members = await column<string>(
      `select m.rolname || ' is a ' || g.rolname
         from pg_auth_members a join pg_roles m on m.oid = a.member join pg_roles g on g.oid = a.roleid
        where m.rolname = any ($1)`,
      [servicesAndReaders.filter((role) => role !== roles.operator)],
    );
    expect(members).toEqual(['assay_console is a assay_reader']);
  });

  it('ingest inserts a document and can never touch it again', async () => {
    const ingest = database.as(roles.ingest);
    const run = (text: string) => ingest.query({ name: text.slice(0, 50), text }, []);
    await run(`insert into public.documents (doc_id, source, ticket_id, text, text_hash, priority, fields, masked, bronze_path)
               values (repeat('a', 32), 's', 't', 'x', 'h', 5, '{}', '{}', 'b#1')`);
    await expect(run("update public.documents set text = 'y'")).rejects.toThrow('permission denied');
    await expect(run('delete from public.documents')).rejects.toThrow('permission denied');
  });
});
