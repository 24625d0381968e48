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

const sourceFlags = ['--conditions=assay-source', '--disable-warning=TimeoutNegativeWarning'];

/** For Node: flags and script, as tools/with-node.mjs gives them. */
export const commandOf = (name: 'infra' | 'start'): readonly string[] => [
  ...sourceFlags,
  fileURLToPath(new URL(`../${name}.ts`, import.meta.url)),
];

export interface CommandRun {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Its exit code, or null when a signal ended it, once all it said has arrived. */
  readonly ended: Promise<number | null>;
}

/** `npm run infra` or `npm start` as a user runs it: a process of its own, in one scratch data directory. */
export class CommandUnderTest {
  readonly dataDir: string = makeScratchFolder();
  readonly #command: readonly string[];
  readonly #guard: Guard = startGuard(() => {});
  readonly #runs: CommandRun[] = [];

  constructor(...command: readonly string[]) {
    this.#command = command;
    this.#guard.removeAtEnd(this.dataDir);
  }

  spawn(args: readonly string[], env: NodeJS.ProcessEnv = process.env): CommandRun {
    const child = spawn(process.execPath, [...this.#command, '--data-dir', this.dataDir, ...args], {
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
  async start(...args: string[]): Promise<CommandRun & { endpoints: Endpoints }> {
    const run = this.spawn(args);
    await says(run, 'Ctrl-C stops');
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

/** Waits for these words, or fails with all it said when it ends without them. */
export async function says({ child, output }: CommandRun, text: string): Promise<void> {
  await waitUntil(() => output().includes(text) || child.exitCode !== null);
  if (!output().includes(text)) throw new Error(`it ended with ${child.exitCode}:\n${output()}`);
}

export function stopBy({ child, ended }: CommandRun, signal: NodeJS.Signals): Promise<number | null> {
  child.kill(signal);
  return ended;
}

export function processesOf({ pids }: Endpoints): ProcessIdentity[] {
  return Object.values(pids)
    .map(identify)
    .filter((each) => each !== undefined);
}
