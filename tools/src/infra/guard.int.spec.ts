import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../testing/wait-until.ts';
import { startGuard } from './guard-pipe.ts';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';

const started: ProcessIdentity[] = [];

afterEach(() => {
  for (const each of started.splice(0)) if (isAlive(each)) process.kill(each.pid, 'SIGKILL');
});

function startSleeper(script = 'sleep 600'): ProcessIdentity {
  const child = spawn('/bin/sh', ['-c', script], { detached: true, stdio: 'ignore' });
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity === undefined) throw new Error('the sleeper did not start');
  started.push(identity);
  return identity;
}

/** The guard's shell has come past its trap line. */
function ignoresHangup(pid: number): boolean {
  const ignored = /^SigIgn:\s+([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return (Number.parseInt(ignored, 16) & 1) === 1;
}

const unheard = (line: string): void => {
  throw new Error(`unexpected: ${line}`);
};

describe('the guard', () => {
  it('ends what it watches when the pipe closes, and nothing else', async () => {
    const [watched, other] = [startSleeper('exec sleep 600'), startSleeper('exec sleep 600')];
    const guard = startGuard(unheard);
    guard.watch({ ...watched, name: 'sleeper', gentleSignal: 'SIGTERM' });
    await guard.close();
    expect(isAlive(watched)).toBe(false);
    expect(isAlive(other)).toBe(true);
  });

  it('does not touch a stranger who got the pid of a child that had ended', async () => {
    const stranger = startSleeper('exec sleep 600');
    const guard = startGuard(unheard);
    guard.watch({ ...stranger, startedAt: `1${stranger.startedAt}`, name: 'sleeper', gentleSignal: 'SIGTERM' });
    await guard.close();
    expect(isAlive(stranger)).toBe(true);
  });

  it('kills what does not end by its gentle signal', async () => {
    const deaf = startSleeper("trap '' TERM; while :; do sleep 1; done");
    const guard = startGuard(unheard, 1);
    guard.watch({ ...deaf, name: 'deaf', gentleSignal: 'SIGTERM' });
    await guard.close();
    expect(isAlive(deaf)).toBe(false);
  });

  it.runIf(process.platform === 'linux')(
    'survives signals meant for the whole tree, and still does its work',
    async () => {
      const watched = startSleeper('exec sleep 600');
      const guard = startGuard(unheard);
      guard.watch({ ...watched, name: 'sleeper', gentleSignal: 'SIGINT' });
      const pid = guard.pid ?? 0;
      await waitUntil(() => ignoresHangup(pid));
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal);
      await guard.close();
      expect(isAlive(watched)).toBe(false);
    },
  );

  it('removes a scratch folder last, whatever its name', async () => {
    const folder = mkdtempSync(join(tmpdir(), "assay's  guard-"));
    writeFileSync(join(folder, 'file'), '');
    const guard = startGuard(unheard);
    guard.removeAtEnd(folder);
    await guard.close();
    expect(existsSync(folder)).toBe(false);
  });
});
