// `npm run e2e -- <harness> [options]`: long runs against the whole system; the specs beside this file are the short ones.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const harnesses = ['kill', 'kill-all', 'label-studio'];
const [name, ...args] = process.argv.slice(2);
const file = join(import.meta.dirname, `${name}.ts`);
if (name === undefined || !harnesses.includes(name) || !existsSync(file)) {
  process.stderr.write(`usage: npm run e2e -- <${harnesses.join(' | ')}> [options]\n`);
  process.exit(2);
}
const { status } = spawnSync(process.execPath, [...process.execArgv, file, ...args], { stdio: 'inherit' });
process.exit(status ?? 1);
