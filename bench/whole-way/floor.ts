import type { SystemBed } from '@assay/e2e/support/system-bed';
import { cpuSecondsOfTree } from '../ingest/cpu-seconds.ts';

interface Copied {
  readonly table: string;
  /** Which of its rows belong to the newest documents. */
  readonly where: string;
  /** Columns that Postgres gives itself. */
  readonly without?: readonly string[];
}

const OF_NEWEST = 'doc_id in (select doc_id from newest)';

/** Everything that votes and decisions write. */
const copied: readonly Copied[] = [
  { table: 'public.annotations', where: OF_NEWEST },
  { table: 'assay.heads', where: OF_NEWEST },
  { table: 'public.decisions', where: OF_NEWEST },
  { table: 'assay.standings', where: OF_NEWEST },
  { table: 'public.quality_metrics', where: OF_NEWEST, without: ['validation_id'] },
  { table: 'assay.applied_decisions', where: OF_NEWEST },
  { table: 'assay.output_lines', where: OF_NEWEST },
];

/** Other keys of the same length and as random, so that the rows stand beside those they were made from. */
const OTHER_KEY: Readonly<Record<string, string>> = {
  doc_id: `'0' || substr(md5(doc_id), 2)`,
  annotation_id: `md5(annotation_id)`,
  decision_id: `'0' || substr(md5(split_part(decision_id, '.', 1)), 2) || '.' || split_part(decision_id, '.', 2)`,
  seq: 'seq + 1000000000',
};

/**
 * CPU seconds of Postgres for COPY of the rows that the newest `count` documents' votes became, into the same tables with their
 * indexes and foreign keys: nothing that stores these rows can cost less. It is rolled back.
 */
export async function copyFloor(bed: SystemBed, count: number): Promise<number> {
  const client = await bed.database.connect();
  const folder = (await client.query<{ folder: string }>(`select current_setting('data_directory') as folder`))
    .rows[0]!;
  const fileOf = (table: string) => `${folder.folder}/floor-${table}.copy`;
  try {
    await client.query(
      `create temporary table newest as select doc_id from public.documents order by ingestion_timestamp desc limit ${count};
       analyze newest`,
    );
    const columnsOf = new Map<string, readonly string[]>();
    for (const { table, where, without = [] } of copied) {
      const { rows } = await client.query<{ name: string }>(
        `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
        [table],
      );
      const columns = rows.map(({ name }) => name).filter((name) => !without.includes(name));
      columnsOf.set(table, columns);
      const keys = columns.map((name) => OTHER_KEY[name] ?? name).join(', ');
      await client.query(`copy (select ${keys} from ${table} where ${where}) to '${fileOf(table)}'`);
    }
    const postgres = bed.infrastructure.part('postgres').pid!;
    await client.query('begin');
    // Foreign keys look for the documents of those keys; what these cost is not counted.
    await client.query(
      `create temporary table other as select * from public.documents where ${OF_NEWEST};
       update other set doc_id = ${OTHER_KEY['doc_id']};
       insert into public.documents select * from other`,
    );
    const before = cpuSecondsOfTree(postgres);
    for (const { table } of copied)
      await client.query(`copy ${table} (${columnsOf.get(table)!.join(', ')}) from '${fileOf(table)}'`);
    const spent = cpuSecondsOfTree(postgres) - before;
    await client.query('rollback');
    return spent;
  } finally {
    client.release();
  }
}
