import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Endpoints } from '../infra/endpoints.ts';
import { type Guard, startGuard } from '../infra/guard-pipe.ts';
import { identify, type ProcessIdentity } from '../infra/process-identity.ts';
import { makeScratchFolder } from '../infra/data-dir.ts';
import { waitUntil } from './wait-until.ts';

export const infraScript = fileURLToPath(new URL('../infra.ts', import.meta.url));

export interface InfraRun {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Its exit code, or null when a signal ended it, once all it said has arrived. */
  readonly ended: Promise<number | null>;
}

/** `npm run infra` as a user runs it: a process of its own, in one scratch data directory. */
export class InfraCommand {
  readonly dataDir: string = makeScratchFolder();
  readonly #guard: Guard = startGuard(() => {});
  readonly #runs: InfraRun[] = [];

  constructor() {
    this.#guard.removeAtEnd(this.dataDir);
  }

  spawn(args: readonly string[], env: NodeJS.ProcessEnv = process.env): InfraRun {
    const child = spawn(process.execPath, [infraScript, '--data-dir', this.dataDir, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.watch(child);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (text += bytes.toString()));
    const ended = once(child, 'close').then(([code]) => code as number | null);
    const run = { child, ended, output: () => text };
    this.#runs.push(run);
    return run;
  }

  /** Ends that process too when the test process is killed. */
  watch(child: ChildProcess): void {
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (identity !== undefined) this.#guard.watch({ ...identity, name: 'infra', gentleSignal: 'SIGTERM' });
  }

  /** Runs it to its own end. */
  async run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
    const run = this.spawn(args, env);
    return { code: await run.ended, output: run.output() };
  }

  /** Returns when everything is up. */
  async start(...args: string[]): Promise<InfraRun & { endpoints: Endpoints }> {
    const run = this.spawn(args);
    await waitUntil(() => run.output().includes('Ctrl-C stops') || run.child.exitCode !== null);
    if (run.child.exitCode !== null) throw new Error(run.output());
    return { ...run, endpoints: this.readEndpoints() };
  }

  readEndpoints(): Endpoints {
    return JSON.parse(readFileSync(join(this.dataDir, 'endpoints.json'), 'utf8')) as Endpoints;
  }

  async dispose(): Promise<void> {
    for (const { child } of this.#runs) child.kill('SIGTERM');
    await Promise.all(this.#runs.map(({ ended }) => ended));
    await this.#guard.close();
  }
}

export function stopBy({ child, ended }: InfraRun, signal: NodeJS.Signals): Promise<number | null> {
  child.kill(signal);
  return ended;
}

export function processesOf({ pids }: Endpoints): ProcessIdentity[] {
  return Object.values(pids)
    .map(identify)
    .filter((each) => each !== undefined);
}
