// `npm test`: build, format, lint, then unit, integration and end-to-end tests in one run of vitest, one kind after the other
// because they share two cores. vitest counts them all in its last lines. `npm test -- unit int` runs only those kinds;
// `npm test -- long` what takes minutes.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const usual = ['unit', 'int', 'e2e'];
const kinds = [...usual, 'long'];

const env = {
  ...process.env,
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NODE_OPTIONS: '--disable-warning=TimeoutNegativeWarning',
};

const failed: string[] = [];

function run(name: string, file: string, ...args: string[]): void {
  const began = performance.now();
  const { status } = spawnSync(file, args, { cwd: join(import.meta.dirname, '..', '..'), stdio: 'inherit', env });
  process.stdout.write(
    `${name}: ${status === 0 ? 'good' : 'FAILED'} after ${Math.round((performance.now() - began) / 1000)} s\n`,
  );
  if (status !== 0) failed.push(name);
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((kind) => !kinds.includes(kind));
if (unknown.length > 0) {
  process.stderr.write(`npm test: there is no kind ${unknown.join(', ')}; name some of ${kinds.join(', ')}.\n`);
  process.exit(2);
}

run('build', 'nx', 'run-many', '-t', 'build', '--outputStyle=static');
// The services that tests start would be older than the tests.
if (failed.length > 0) process.exit(1);
if (wanted.length === 0) {
  run('format', 'oxfmt', '--check', '.');
  run('lint', 'oxlint', '--type-aware', '--deny-warnings');
}
const projects = (wanted.length === 0 ? usual : wanted).flatMap((kind) => ['--project', kind]);
run('tests', 'vitest', 'run', ...projects);
process.stdout.write(
  failed.length === 0 ? 'All of it passed.\n' : `Failed: ${failed.join(', ')}. What failed is said above.\n`,
);
process.exit(failed.length === 0 ? 0 : 1);
