import type pg from 'pg';

export const ROWS = 300_000;

/** Tables that stay small whatever comes in, and why. */
export const smallTables: Readonly<Record<string, string>> = {
  'assay.identity': 'one row',
  'assay.offsets': 'one row a lane, partition and incarnation',
  'assay.migrations': 'one row a migration',
  'assay.installation': 'one row',
  'assay.streams': 'one row a stream',
  'assay.lives': 'one row a life of the database',
  'assay.tool_pulls': 'one row a tool',
};

/** What row `n` has in a column, as SQL: by table where it matters, else by the column's name, else by its type. */
const byTable: Readonly<Record<string, string>> = {
  'assay.batches.batch_id': `md5('b' || n)::uuid`,
  'assay.batches.sent_at': 'case when n > 5 then now() end',
  'assay.batch_parts.batch_id': `md5('b' || n)::uuid`,
  'assay.deliveries.batch_id': `case when n > ${ROWS / 2} then md5('b' || n % 3000)::uuid end`,
  'assay.deliveries.refused': 'null',
  'assay.label_files.path': `'labeled/' || n || '.csv'`,
  'assay.label_files.reason': 'null',
  'assay.label_files.status': `'read'`,
  'assay.label_files.is_wanted_again': 'n <= 5',
  'assay.label_placements.path': `'labeled/' || n || '.csv'`,
  'assay.tool_answers.answer_id': `'t' || n`,
  'assay.tool_answers.is_written': 'n > 5',
  'assay.webhook_inbox.kind': `'item'`,
  'assay.newest_contents.path': `'labeled/' || n || '.csv'`,
  'assay.newest_contents.is_sent': 'true',
  'assay.file_progress.path': `'labeled/' || n || '.csv'`,
  'assay.standings.status': `'live'`,
  'assay.quality_metrics.status': `'live'`,
  'public.documents.text': `'My invoice of this month is wrong, please look at it. ' || n`,
  'public.documents.status': `'preprocessed'`,
  'assay.segments.confirmed_at': 'case when n > 5 then now() end',
  'assay.releases.confirmed_at': 'case when n < 300000 then now() end',
  'assay.agreement_counts.kind': `case n % 3 when 0 then 'pair' when 1 then 'item' else 'rater' end`,
  'assay.agreement_counts.shard': 'n % 6',
  'assay.agreement_counts.pair_digest': `case when n % 3 = 0 then md5('pair' || n % 500) end`,
};

const byColumn: Readonly<Record<string, string>> = {
  doc_id: 'md5(n::text)',
  annotation_id: `md5('a' || n)`,
  decision_id: `md5('d' || n)`,
  text_hash: `md5('t' || n)`,
  path: `'labeled/' || n / 100 || '.csv'`,
  raw_annotation_path: `'labeled/' || n / 100 || '.csv'`,
  sha256: `md5('f' || n)`,
  file_sha256: `md5('f' || n / 100)`,
  row_number: 'n % 100 + 1',
  raw_row: 'n % 100 + 1',
  first_row: 'n % 100 + 1',
  partition: 'n % 6',
  priority: 'n % 10',
  place: '1',
  version: '1',
  target: `'files'`,
  stream: `'gold'`,
  op: `'add'`,
  verdict: `'gold'`,
  field: `'label'`,
  label: `'billing'`,
  tool: `'label-studio'`,
  tool_annotation_id: `'t' || n`,
  annotator_id: `'ann' || n % 50`,
  waiting_since: `now() - make_interval(secs => n)`,
  queued_at: `now() - make_interval(secs => n)`,
  since: `now() - make_interval(secs => n)`,
  line: `'{"doc_id":"' || md5(n::text) || '","label":"billing","text":"' || repeat('x', 100) || '"}'`,
};

/** `seq` and the like count; whatever must be unique contains `n`. */
const byType: Readonly<Record<string, string>> = {
  text: `'v' || n`,
  uuid: `md5('u' || n)::uuid`,
  smallint: '0',
  integer: 'n',
  bigint: 'n',
  'double precision': '0.9',
  boolean: 'false',
  json: `'{}'`,
  jsonb: `'{}'`,
  bytea: `'\\x00'`,
  'timestamp with time zone': 'now()',
};

interface Column {
  readonly name: string;
  readonly type: string;
  readonly is_nullable: boolean;
  readonly is_generated: boolean;
}

/** Every table of ours that may grow gets ROWS rows. Who they belong to is not checked: that is not what is looked at. */
export async function fillTables(admin: pg.Pool): Promise<readonly string[]> {
  const { rows: tables } = await admin.query<{ name: string; columns: Column[] }>(`
    select c.oid::regclass::text as name, json_agg(json_build_object(
             'name', a.attname, 'type', format_type(a.atttypid, null), 'is_nullable', not a.attnotnull,
             'is_generated', a.attidentity <> '' or a.attgenerated <> '') order by a.attnum) as columns
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace and n.nspname in ('public', 'assay')
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relkind = 'r'
     group by c.oid`);
  const named = tables.map(({ name, columns }) => ({ name: name.includes('.') ? name : `public.${name}`, columns }));
  const large = named.filter(({ name }) => !Object.hasOwn(smallTables, name));
  await dropChecks(admin);
  const waiting = [...large];
  const fillNext = async (): Promise<void> => {
    for (let table = waiting.shift(); table !== undefined; table = waiting.shift()) await fill(admin, table);
  };
  await Promise.all([fillNext(), fillNext()]);
  return large.map(({ name }) => name);
}

async function dropChecks(admin: pg.Pool): Promise<void> {
  const { rows } = await admin.query<{ command: string }>(`
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as command
      from pg_constraint where contype = 'c' and connamespace in ('public'::regnamespace, 'assay'::regnamespace)`);
  for (const { command } of rows) await admin.query(command);
}

async function fill(admin: pg.Pool, { name, columns }: { name: string; columns: readonly Column[] }): Promise<void> {
  const given = columns
    .filter(({ is_generated }) => !is_generated)
    .map((column) => [column.name, valueOf(name, column)]);
  const client = await admin.connect();
  try {
    // Triggers of foreign keys stay out.
    await client.query('set session_replication_role = replica; set synchronous_commit = off');
    await client.query(
      `insert into ${name} (${given.map(([column]) => column).join(', ')})
       select ${given.map(([, value]) => value).join(', ')} from generate_series(1, ${ROWS}) as n`,
    );
    await client.query(`vacuum (analyze) ${name}`);
  } catch (error) {
    throw new Error(`filling ${name}: say in tools/src/query-plans/fill-tables.ts what its columns hold`, {
      cause: error,
    });
  } finally {
    client.release(true);
  }
}

function valueOf(table: string, { name, type, is_nullable: isNullable }: Column): string {
  const known = byTable[`${table}.${name}`] ?? byColumn[name];
  if (known !== undefined) return known;
  return isNullable ? 'null' : (byType[type] ?? 'null');
}
