/**
 * node bench/validate/bench.ts [--rows 10000,100000,1000000] [--shapes original,extended] [--runs 1] [--data DIR]
 *                              [--python PYTHON] [--spark] [--json]
 *
 * `assay validate` beside the baselines of this folder over the same generated label files, one after the other in one
 * run. Every run is checked against the counts (and ours against the digests) that the generator expects; CPU seconds
 * and memory are those of the whole process tree. Linux, and a Python with the packages of baselines/requirements.txt;
 * a baseline whose package is missing is left out and said so. With --data the generated files stay for the next run.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkAssay, checkSummary } from './check-results.ts';
import type { Expected } from './check-results.ts';
import { runMeasured, runPython } from './run-measured.ts';
import type { Measured } from './run-measured.ts';

const here = import.meta.dirname;
const root = join(here, '..', '..');

interface Dataset {
  readonly name: string;
  readonly rows: number;
  readonly folder: string;
  readonly expected: Expected;
}

interface Tool {
  readonly name: string;
  /** The Python package it needs; our own needs none. */
  readonly needs: string | null;
  command(data: Dataset, out: string): readonly string[];
  /** What is wrong with its results; empty when they are right. */
  check(data: Dataset, out: string): Promise<string[]> | string[];
}

interface Result extends Measured {
  readonly data: string;
  readonly rows: number;
  readonly tool: string;
}

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000,100000,1000000' },
    shapes: { type: 'string', default: 'original,extended' },
    runs: { type: 'string', default: '1' },
    data: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    spark: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

function pythonTool(name: string, needs: string, script: string, ...options: readonly string[]): Tool {
  return {
    name,
    needs,
    command: ({ folder }, out) => [values.python, join(here, 'baselines', script), folder, out, ...options],
    check: ({ expected }, out) => checkSummary(expected, join(out, 'summary.json')),
  };
}

const assay: Tool = {
  name: 'assay validate',
  needs: null,
  command: ({ folder }, out) => [
    process.execPath,
    join(root, 'bin', 'assay.mjs'),
    'validate',
    join(folder, 'labeled'),
    '--out',
    out,
    '--json',
  ],
  check: ({ expected }, out) => checkAssay(expected, out),
};

const duckdb = pythonTool('DuckDB', 'duckdb', 'duckdb_validate.py');
const polars = pythonTool('polars', 'polars', 'polars_validate.py');
// Its results are known to be wrong: only its cost is of interest.
const spark: Tool = { ...pythonTool('original Spark job', 'pyspark', 'original_spark.py', '--quiet'), check: () => [] };

async function main(): Promise<number> {
  if (!existsSync(join(root, 'apps/validate/dist/validate.verb.js'))) {
    process.stderr.write('The command line is not built yet; run: npm run build\n');
    return 2;
  }
  const tools = [assay, duckdb, polars, ...(values.spark ? [spark] : [])].filter((tool) => isInstalled(tool));
  const folder = values.data ?? mkdtempSync(join(tmpdir(), 'assay-bench-'));
  try {
    const results: Result[] = [];
    const problems: string[] = [];
    for (const data of datasets(folder)) {
      for (const tool of tools.filter((each) => each !== spark || data.name.endsWith('original'))) {
        results.push(await measure(data, tool, problems));
      }
    }
    process.stdout.write(values.json ? `${JSON.stringify(results, null, 2)}\n` : table(results));
    problems.push(...limitsMissed(results));
    for (const problem of problems) process.stderr.write(`${problem}\n`);
    return problems.length === 0 ? 0 : 1;
  } finally {
    if (values.data === undefined) rmSync(folder, { recursive: true });
  }
}

function isInstalled({ name, needs }: Tool): boolean {
  const isThere = needs === null || runPython(values.python, ['-c', `import ${needs}`]);
  if (!isThere) process.stderr.write(`${name} is left out: ${values.python} has no package ${needs}.\n`);
  return isThere;
}

function* datasets(folder: string): Generator<Dataset> {
  for (const rows of values.rows.split(',')) {
    for (const shape of values.shapes.split(',')) {
      const name = `${rows}-${shape}`;
      const place = join(folder, name);
      if (!existsSync(join(place, 'expected.json'))) {
        process.stderr.write(`Generating ${name}.\n`);
        mkdirSync(place, { recursive: true });
        const args = [join(here, 'gen_labels.py'), '--rows', rows, '--shape', shape, '--out', place];
        if (!runPython(values.python, args)) throw new Error(`generating ${name} failed`);
      }
      const expected = JSON.parse(readFileSync(join(place, 'expected.json'), 'utf8')) as Expected;
      yield { name, rows: Number(rows), folder: place, expected };
    }
  }
}

/** The run with the least CPU seconds: what else the machine does only ever adds. */
async function measure(data: Dataset, tool: Tool, problems: string[]): Promise<Result> {
  let best: Measured | undefined;
  for (let run = 0; run < Number(values.runs); run += 1) {
    const out = mkdtempSync(join(tmpdir(), 'assay-bench-out-'));
    try {
      process.stderr.write(`${data.name}: ${tool.name}\n`);
      const measured = runMeasured(values.python, tool.command(data, out), out);
      const wrong = measured.exit === 0 ? await tool.check(data, out) : [`exit status ${measured.exit}`];
      problems.push(...wrong.map((problem) => `${data.name}, ${tool.name}: ${problem}`));
      if (best === undefined || measured.cpuSeconds < best.cpuSeconds) best = measured;
    } finally {
      rmSync(out, { recursive: true });
    }
  }
  if (best === undefined) throw new Error('--runs is a number from 1');
  return { ...best, data: data.name, rows: data.rows, tool: tool.name };
}

function table(results: readonly Result[]): string {
  const lines = results.map(({ data, tool, wallSeconds, cpuSeconds, peakRssBytes, rows }) => {
    const ours = results.find((other) => other.data === data && other.tool === assay.name);
    const ratio = ours === undefined ? '' : (cpuSeconds / ours.cpuSeconds).toFixed(2);
    const cells = [wallSeconds.toFixed(2), cpuSeconds.toFixed(2), ratio, (peakRssBytes / 1e6).toFixed(0)];
    return `| ${[data, tool, ...cells, Math.round(rows / cpuSeconds).toLocaleString('en')].join(' | ')} |`;
  });
  const head = '| data | tool | wall s | CPU s | CPU, assay = 1 | peak RSS MB | rows per CPU s |';
  return [head, '| --- | --- | ---: | ---: | ---: | ---: | ---: |', ...lines, ''].join('\n');
}

const MAX_RSS_BYTES = 700e6;
const MILLION = 1_000_000;

/** What must hold: acceptance of issue 6. */
function limitsMissed(results: readonly Result[]): string[] {
  return results.flatMap((ours) => {
    if (ours.tool !== assay.name) return [];
    const cpuOf = (tool: Tool) =>
      results.find((other) => other.data === ours.data && other.tool === tool.name)?.cpuSeconds;
    const limits: [string, boolean][] = [
      ['10,000 rows took a CPU second or more', ours.rows <= 10_000 && ours.cpuSeconds >= 1],
      ['more than 700 MB', ours.peakRssBytes > MAX_RSS_BYTES],
      ['more CPU than DuckDB', ours.rows >= MILLION && ours.cpuSeconds > (cpuOf(duckdb) ?? Infinity)],
      [
        'more than a fifth of the original job',
        ours.rows >= MILLION && ours.cpuSeconds * 5 > (cpuOf(spark) ?? Infinity),
      ],
    ];
    return limits.filter(([, isMissed]) => isMissed).map(([limit]) => `${ours.data}: limit missed: ${limit}`);
  });
}

process.exitCode = await main();
