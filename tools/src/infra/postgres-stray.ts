import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endProcess } from './child-record.ts';
import { commandLine, identify } from './process-identity.ts';

/**
 * postmaster.pid outlives a SIGKILL, and Postgres refuses to start when another process of its user has got that pid
 * meanwhile. The caller holds the data directory's lock, so whoever still serves this folder is a leftover.
 */
export async function endStrayPostmaster(folder: string, log: (line: string) => void): Promise<void> {
  const file = join(folder, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const identity = Number.isInteger(pid) && pid > 1 ? identify(pid) : undefined;
  if (identity !== undefined && commandLine(identity.pid).includes(`-D ${folder}`)) {
    log(`ending a leftover Postgres (pid ${identity.pid})`);
    await endProcess({ ...identity, name: 'postgres', gentleSignal: 'SIGINT' }, 20_000);
  }
  rmSync(file, { force: true });
}
