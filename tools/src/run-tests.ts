// `npm test`: format, lint, types, then unit, integration and end-to-end tests, each kind by itself because they share two
// cores. The last line counts everything. `npm test -- unit int` runs only those; `npm test -- long` what takes minutes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Tally {
  readonly passed: number;
  readonly failed: number;
}

interface Stage {
  readonly name: string;
  run(): Tally;
}

const root = join(import.meta.dirname, '..', '..');
const scratch = mkdtempSync(join(tmpdir(), 'assay-test-'));
const usual = ['unit', 'int', 'e2e'] as const;
const kinds = [...usual, 'long'] as const;

function succeeds(file: string, args: readonly string[]): boolean {
  const env = {
    ...process.env,
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NODE_OPTIONS: '--disable-warning=TimeoutNegativeWarning',
  };
  return spawnSync(file, [...args], { cwd: root, stdio: 'inherit', env }).status === 0;
}

/** A check is one thing that passes or fails. */
const check = (name: string, file: string, ...args: string[]): Stage => ({
  name,
  run: () => (succeeds(file, args) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }),
});

const tests = (kind: (typeof kinds)[number]): Stage => ({
  name: kind,
  run() {
    const report = join(scratch, `${kind}.json`);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const succeeded = succeeds('vitest', ['run', '--project', kind, ...reporters]);
    const { numPassedTests: passed, numFailedTests } = readReport(report);
    // A file that does not even load has no failed test; the run as a whole says so.
    return { passed, failed: succeeded ? numFailedTests : Math.max(1, numFailedTests) };
  },
});

function readReport(file: string): { numPassedTests: number; numFailedTests: number } {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 1 }; // vitest ended before it could write one
  }
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((kind) => !(kinds as readonly string[]).includes(kind));
if (unknown.length > 0) {
  process.stderr.write(`npm test: unknown kind ${unknown.join(', ')}; there are ${kinds.join(', ')}\n`);
  process.exit(2);
}
const stages = [
  check('build', 'nx', 'run-many', '-t', 'build', '--outputStyle=static'),
  ...(wanted.length > 0
    ? []
    : [check('format', 'oxfmt', '--check', '.'), check('lint', 'oxlint', '--type-aware', '--deny-warnings')]),
  ...kinds.filter((kind) => (wanted.length === 0 ? (usual as readonly string[]) : wanted).includes(kind)).map(tests),
];

const tally = { passed: 0, failed: 0 };
const lines: string[] = [];
for (const stage of stages) {
  const started = performance.now();
  const { passed, failed } = stage.run();
  tally.passed += passed;
  tally.failed += failed;
  lines.push(
    `${stage.name.padEnd(8)} ${passed} passed, ${failed} failed, ${Math.round((performance.now() - started) / 1000)} s`,
  );
  if (stage.name === 'build' && failed > 0) break; // the services the tests start would be older than the tests
}
rmSync(scratch, { recursive: true, force: true });
process.stdout.write(`\n${lines.join('\n')}\n${tally.passed} passed, ${tally.failed} failed\n`);
process.exit(tally.failed > 0 ? 1 : 0);
