import type pg from 'pg';
import type { WrittenStatement } from './collect-statements.ts';
import type { PlanNode } from './read-plan.ts';

/** A named statement is planned for its values five times; then Postgres may keep one plan for all. */
const UNTIL_GENERIC = 6;

/** By the type that Postgres infers for a parameter: what a full batch gives. */
const sampleByType: Readonly<Record<string, string>> = {
  text: `'files'`,
  'text[]': '(select array_agg(md5(n::text)) from generate_series(1000, 1499) as n)',
  'integer[]': '(select array_agg(n) from generate_series(1, 500) as n)',
  'bigint[]': '(select array_agg(n) from generate_series(1000, 1499) as n)',
  uuid: `md5('b7')::uuid`,
  json: `'[]'`,
  jsonb: `'{}'`,
  bytea: `'\\x00'`,
  boolean: 'true',
  'timestamp with time zone': 'now()',
};

/** Where a parameter is no `files`, `500` or batch of doc_ids. Those of a later statement are taken by type. */
const sampleByStatement: Readonly<Record<string, readonly (string | undefined)[]>> = {
  'find-documents-by-text': ["(select array_agg(md5('t' || n)) from generate_series(1, 500) as n)"],
  'read-release-page': ['300000', `md5('5')`, '500', '4194304'],
  'read-lines-after': [`'gold'`, '500', '4194304', '100'],
  'read-lines-of-segment': [`'gold'`, '1000', '1499'],
  'measure-waiting-lines': [`'{gold,disagreements}'`],
  'find-unconfirmed-segment': [`'gold'`],
  'read-waiting-deliveries': [`'files'`, '500', '4194304'],
  'look-at-waiting-labels': [`'labeled/5.csv'`, '1', '0', `'f'`],
  'insert-deliveries': [`'[]'`, `'{files,label-studio}'`],
  'take-decisions-whose-document-has-come': ['200', `''`],
  'next-documents-to-redecide': [`md5('5')`],
  'read-journey': [`md5('5')`],
  'read-ledger': ['null'],
};

export interface Explained {
  readonly plans: readonly PlanNode[];
  /** As it was run; null where Postgres refuses the rows that the samples would insert. */
  readonly run: PlanNode | null;
}

const INSERTS = /\binsert into\b/i;

/** Plans of a statement: for its values and, where Postgres would keep one, for any. */
export async function explainStatement(client: pg.PoolClient, { name, text }: WrittenStatement): Promise<Explained> {
  await client.query('begin');
  try {
    await client.query(`prepare explained as ${text}`);
    const call = `execute explained${await samplesFor(client, name)}`;
    const plans: PlanNode[] = [];
    for (let turn = 0; turn < UNTIL_GENERIC; turn++) plans.push(await explain(client, 'format json', call));
    const run = await explain(client, 'analyze, buffers, timing off, format json', call).catch((error: unknown) => {
      if (INSERTS.test(text)) return null;
      throw error;
    });
    return { plans: [plans[0]!, plans.at(-1)!], run };
  } catch (error) {
    throw new Error(`explaining ${name}: say in tools/src/query-plans/explain-statement.ts what its parameters are`, {
      cause: error,
    });
  } finally {
    await client.query('rollback');
    await client.query('deallocate all');
  }
}

async function explain(client: pg.PoolClient, options: string, call: string): Promise<PlanNode> {
  const { rows } = await client.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(`explain (${options}) ${call}`);
  return rows[0]!['QUERY PLAN'][0]!.Plan;
}

async function samplesFor(client: pg.PoolClient, name: string): Promise<string> {
  const { rows } = await client.query<{ types: string[] }>(
    `select parameter_types::text[] as types from pg_prepared_statements where name = 'explained'`,
  );
  const types = rows[0]!.types;
  const given = types.map((type, i) => sampleByStatement[name]?.[i] ?? sampleByType[type] ?? '500');
  // A parameter of `execute` takes no query.
  const values = await Promise.all(
    given.map(async (sample, i) =>
      sample.startsWith('(') ? literal(await valueOf(client, sample), types[i]!) : sample,
    ),
  );
  return values.length === 0 ? '' : `(${values.join(', ')})`;
}

async function valueOf(client: pg.PoolClient, query: string): Promise<string> {
  return (await client.query<{ value: string }>(`select ${query}::text as value`)).rows[0]!.value;
}

const literal = (value: string, type: string): string => `'${value.replaceAll("'", "''")}'::${type}`;
