// Writes rows.jsonl.gz: every row of the database at DATABASE_URL, one `["schema.table", row]` a line, tables in an order in
// which their foreign keys hold. See README.md.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import pg from 'pg';

const tables = [
  'assay.identity', 'assay.offsets', 'assay.bronze_blobs', 'public.documents', 'assay.plans', 'assay.push_queue',
  'assay.progress', 'assay.label_files', 'assay.rejected_rows', 'assay.file_progress', 'public.annotations',
  'assay.withdrawals', 'assay.unmatched_labels', 'assay.heads', 'public.decisions', 'assay.standings',
  'public.quality_metrics', 'assay.agreement_counts', 'assay.applied_decisions', 'assay.output_lines', 'assay.releases',
];

const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
const { rows: found } = await client.query(
  `select table_schema || '.' || table_name as name from information_schema.tables
    where table_schema in ('public', 'assay') and table_type = 'BASE TABLE' and table_name <> 'migrations'`,
);
const missing = found.filter(({ name }) => !tables.includes(name));
if (missing.length > 0) throw new Error(`not in the list of tables: ${missing.map(({ name }) => name).join(', ')}`);
const lines = [];
for (const table of tables) {
  // As text: JavaScript would round numbers and lose microseconds.
  const { rows } = await client.query(`select row_to_json(t)::text as row from ${table} as t order by t`);
  for (const { row } of rows) lines.push(`["${table}",${row}]`);
}
await client.end();
writeFileSync(join(import.meta.dirname, 'rows.jsonl.gz'), gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
process.stdout.write(`${lines.length} rows of ${tables.length} tables\n`);
