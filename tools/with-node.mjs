// Runs one of the project's scripts on the project's own Node: `node tools/with-node.mjs tools/src/infra.ts --help`.
// Plain JavaScript for any Node from 20 on, because it runs before anything is installed; what is missing it installs.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [script, ...args] = process.argv.slice(2);

/** npm leaves this file when it has finished; a lock file that is younger asks for another install. */
function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

function run(file, args, environment = {}) {
  const { status, signal, error } = spawnSync(file, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  if (error) {
    process.stderr.write(`${file} cannot be started (${error.message}): is it on PATH? npm comes with Node.\n`);
    process.exit(1);
  }
  return signal ? 1 : (status ?? 1);
}

if (!isInstalled()) {
  process.stderr.write('Installing packages (once; about a minute)…\n');
  const status = run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error']);
  if (status !== 0) {
    process.stderr.write('The packages could not be installed; npm says why above. Mend that, then start again.\n');
    process.exit(status);
  }
}

/** The packages bring Node 24 for Linux; elsewhere the Node that is here must be that new itself. */
function projectNode() {
  const own = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(own)) return own;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  process.stderr.write(`Node ${process.versions.node} is too old on this platform: install Node 24 or newer.\n`);
  process.exit(1);
}

// Ctrl-C reaches the child as well; it decides how to end, and we pass its answer on.
process.on('SIGINT', () => {});
const flags = ['--conditions=assay-source', '--disable-warning=TimeoutNegativeWarning'];
const path = `${join(root, 'node_modules', '.bin')}:${process.env.PATH ?? ''}`;
process.exit(run(projectNode(), [...flags, join(root, script), ...args], { PATH: path }));
