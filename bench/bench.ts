// `npm run bench -- <name> [options]`: each benchmark is a folder here with a bench.ts that prints what it measured.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const names = readdirSync(here).filter((name) => existsSync(join(here, name, 'bench.ts')));
const [name, ...args] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  process.stderr.write(`usage: npm run bench -- <${names.join(' | ')}> [options]\n`);
  process.exit(2);
}
const { status } = spawnSync(process.execPath, [...process.execArgv, join(here, name, 'bench.ts'), ...args], {
  stdio: 'inherit',
});
process.exit(status ?? 1);
