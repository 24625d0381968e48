import { createTestDatabase, type TestDatabase } from '@assay/shared/testing/test-database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowedCosts } from './allowed-costs.ts';
import { collectStatements, type WrittenStatement } from './collect-statements.ts';
import { type Explained, explainStatement } from './explain-statement.ts';
import { fillTables, ROWS, smallTables } from './fill-tables.ts';
import { accessOf, blocksRead, faultsOfPlan, rowsRead } from './read-plan.ts';

/** Rows that a statement may take up for one batch, page or round. */
const MOST_ROWS_READ = 25_000;
const MOST_BLOCKS_READ = 50_000;

let database: TestDatabase;
let missed: readonly string[];
let large: ReadonlySet<string>;
const explained: (WrittenStatement & Explained)[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const found = await collectStatements();
  missed = found.missed;
  const filled = await fillTables(database.admin);
  large = new Set(filled.map((name) => name.slice(name.indexOf('.') + 1)));
  const client = await database.admin.connect();
  try {
    // Triggers of foreign keys stay out: what a sample refers to need not be there.
    await client.query('set session_replication_role = replica');
    for (const statement of found.statements)
      explained.push({ ...statement, ...(await explainStatement(client, statement)) });
  } finally {
    client.release(true);
  }
  if (process.env['SHOW_PLANS'] === '1') process.stdout.write(listOf(explained));
}, 600_000);
afterAll(() => database.drop());

/** `SHOW_PLANS=1 npx vitest run --project int tools/src/query-plans` */
const listOf = (all: readonly (WrittenStatement & Explained)[]): string =>
  all
    .map(({ name, path, plans, run }) => {
      const access = [...new Set(plans.flatMap(accessOf))].join(', ') || 'nothing of ours';
      const read = run === null ? '' : `; ${rowsRead(run)} rows in ${blocksRead(run)} blocks`;
      const allowed = Object.hasOwn(allowedCosts, name) ? `; allowed: ${allowedCosts[name]}` : '';
      return `${name} (${path}): ${access}${read}${allowed}\n`;
    })
    .join('');

const costsOf = ({ plans, run }: Explained): readonly string[] => {
  const faults = plans.flatMap((plan) => faultsOfPlan(plan, large));
  const [rows, blocks] = run === null ? [0, 0] : [rowsRead(run), blocksRead(run)];
  if (rows > MOST_ROWS_READ) faults.push(`reads ${rows} rows`);
  if (blocks > MOST_BLOCKS_READ) faults.push(`reads ${blocks} blocks`);
  return [...new Set(faults)];
};

describe(`every statement, on tables of ${ROWS} rows`, () => {
  it('is found where it is written', () => {
    expect(missed).toEqual([]);
    expect(explained.length).toBeGreaterThan(90);
    expect(large.size).toBeGreaterThan(15);
  });

  it('reads no large table from its beginning, sorts none, and takes up what a batch needs', () => {
    const found = explained.flatMap((each) =>
      Object.hasOwn(allowedCosts, each.name) ? [] : costsOf(each).map((cost) => `${each.name} (${each.path}) ${cost}`),
    );
    expect(found, 'give it an index or a bound, or a reason in tools/src/query-plans/allowed-costs.ts').toEqual([]);
  });

  it('is excused only where there is something to excuse', () => {
    const costly = explained.filter((each) => costsOf(each).length > 0).map(({ name }) => name);
    expect(Object.keys(allowedCosts).filter((name) => !costly.includes(name))).toEqual([]);
    expect(Object.keys(smallTables).filter((name) => large.has(name))).toEqual([]);
  });
});

describe('what it refuses', () => {
  it.each([
    [
      'a scan of a whole table',
      'select doc_id from public.documents where bronze_path = $1',
      'reads documents from its beginning',
    ],
    ['a sort of a whole table', 'select doc_id from assay.deliveries order by priority, doc_id', 'sorts some'],
    ['a count', 'select count(*) from public.annotations', 'reads 300000 rows'],
  ])('%s', async (_, text, cost) => {
    const client = await database.admin.connect();
    try {
      const costs = costsOf(await explainStatement(client, { name: 'bad', text, path: 'here' }));
      expect(costs.join('; ')).toContain(cost);
    } finally {
      client.release();
    }
  });
});
