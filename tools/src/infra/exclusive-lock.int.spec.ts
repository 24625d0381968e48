import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockWhenFree, tryLock } from './exclusive-lock.ts';

let folder: string;
let holder: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-lock-'));
});

afterEach(() => {
  holder?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Another process that takes the lock and holds it until it is killed. */
async function startHolder(path: string): Promise<ChildProcess> {
  const module = new URL('exclusive-lock.ts', import.meta.url).href;
  const script = `const { tryLock } = await import('${module}'); tryLock('${path}'); console.log('held'); setInterval(() => {}, 1000);`;
  holder = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout ?? holder, 'data');
  return holder;
}

describe('tryLock', () => {
  it('names the process that holds the lock', async () => {
    const path = join(folder, 'lock');
    const other = await startHolder(path);
    expect(tryLock(path)).toEqual({ heldBy: String(other.pid) });
  });

  it('is free as soon as its holder was killed, with nothing to clean up', async () => {
    const path = join(folder, 'lock');
    const other = await startHolder(path);
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(tryLock(path)).toHaveProperty('release');
  });

  it('refuses a second time in the same process, until it is released', () => {
    const path = join(folder, 'lock');
    const first = tryLock(path);
    expect(tryLock(path)).toEqual({ heldBy: String(process.pid) });
    if ('release' in first) first.release();
    expect(tryLock(path)).toHaveProperty('release');
  });
});

describe('lockWhenFree', () => {
  it('waits for its turn and says for whom, once', async () => {
    const path = join(folder, 'lock');
    const other = await startHolder(path);
    const waitedFor: string[] = [];
    const lock = await lockWhenFree(path, (pid) => {
      waitedFor.push(pid);
      other.kill('SIGKILL');
    });
    expect(waitedFor).toEqual([String(other.pid)]);
    lock.release();
  });
});
