import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Guard, startGuard } from '../infra/guard-pipe.ts';
import { whyPortIsClosed } from '../infra/ports.ts';
import { identify, isAlive, type ProcessIdentity } from '../infra/process-identity.ts';
import { makeScratchFolder } from '../infra/data-dir.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { serviceNames } from './service-table.ts';

/** Ten processes start twice, and other tests may want the same two cores. */
const patienceMs = 300_000;

const script = fileURLToPath(new URL('../start.ts', import.meta.url));

interface Told {
  readonly services: Readonly<Record<string, string>>;
  readonly pids: Readonly<Record<string, number>>;
}

let dataDir: string;
let guard: Guard;

beforeEach(() => {
  dataDir = makeScratchFolder();
  guard = startGuard(() => {});
  guard.removeAtEnd(dataDir);
});

afterEach(() => guard.close());

class StartCommand {
  output = '';
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(...options: readonly string[]) {
    const flags = ['--conditions=assay-source', '--disable-warning=TimeoutNegativeWarning'];
    const args = [...flags, script, '--no-build', '--data-dir', dataDir, ...options];
    this.child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const identity = identify(this.child.pid!);
    if (identity !== undefined) guard.watch({ ...identity, name: 'start', gentleSignal: 'SIGTERM' });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.on('data', (bytes: Buffer) => (this.output += bytes.toString()));
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
  }

  async says(text: string): Promise<void> {
    await waitUntil(() => {
      if (this.child.exitCode !== null) throw new Error(`it ended with ${this.child.exitCode}:\n${this.output}`);
      return this.output.includes(text);
    });
  }
}

const told = (): Told => JSON.parse(readFileSync(join(dataDir, 'endpoints.json'), 'utf8')) as Told;

const livingProcesses = (): ProcessIdentity[] =>
  Object.values(told().pids)
    .map(identify)
    .filter((process) => process !== undefined);

async function freeBase(): Promise<number> {
  for (let base = 21_000; ; base += 10) {
    const closed = await Promise.all(Array.from({ length: 10 }, (_, index) => whyPortIsClosed(base + index)));
    if (closed.every((reason) => reason === undefined)) return base;
  }
}

describe('npm start', () => {
  it(
    'serves at fixed ports, starts a killed service again, and ends in order on Ctrl-C',
    async () => {
      const base = await freeBase();
      const start = new StartCommand('--no-demo', '--port-base', String(base));
      await start.says('Ctrl-C stops');
      expect(Object.values(told().services)).toEqual(
        serviceNames.map((_name, index) => `http://127.0.0.1:${base + 5 + index}`),
      );
      const before = told().pids['output']!;
      process.kill(before, 'SIGKILL');
      await start.says('output is ready again');
      expect(told().pids['output']).not.toBe(before);
      expect((await fetch(`${told().services['output']}/health`)).status).toBe(200);

      const processes = livingProcesses();
      expect(processes).toHaveLength(10); // four parts, their guard, five services
      start.child.kill('SIGINT');
      expect(await start.ended).toBe(0);
      expect(processes.filter(isAlive)).toEqual([]);
    },
    patienceMs,
  );

  it(
    'leaves nothing running when it is killed, and the next start finds everything again',
    async () => {
      const first = new StartCommand('--no-demo');
      await first.says('Ctrl-C stops');
      const { services } = told();
      const processes = livingProcesses();
      first.child.kill('SIGKILL');
      await waitUntil(() => !processes.some(isAlive));

      const second = new StartCommand('--no-demo', '--once');
      expect(await second.ended).toBe(0);
      expect(told().services).toEqual(services);
    },
    patienceMs,
  );

  it('says what is wrong with an option and touches nothing', async () => {
    const start = new StartCommand('--tickets', 'many');
    expect(await start.ended).toBe(2);
    expect(start.output).toContain('--tickets must be a whole number from 1 on, got "many".');
    expect(existsSync(join(dataDir, 'run'))).toBe(false);
  });
});
