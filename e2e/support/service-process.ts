import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseStat } from '@assay/tools/infra/process-identity';
import { until } from './until.ts';

/** A line of a service's log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A service as a real process: built JavaScript, its own environment, its log kept for the assertions. */
export class ServiceProcess {
  readonly log: LogLine[] = [];
  /** What was not JSON: stack traces of Node itself. */
  readonly noise: string[] = [];
  readonly child: ChildProcess;
  readonly #started: Promise<string>;

  constructor(entry: string, environment: Readonly<Record<string, string>>) {
    const file = fileURLToPath(new URL(`../../${entry}`, import.meta.url));
    this.child = spawn(process.execPath, ['--disable-warning=TimeoutNegativeWarning', file], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      createInterface({ input: stream }).on('line', (line) => this.#keep(line));
    this.#started = new Promise((resolve, reject) => {
      this.child.once('message', (message) => resolve((message as { address: string }).address));
      this.child.once('exit', (code, signal) =>
        reject(new Error(`${entry} ended (${code ?? signal}) before it was ready:\n${this.tail()}`)),
      );
    });
    this.#started.catch(() => {}); // whoever asks for the address gets the reason
  }

  /** Resolves with its HTTP address once it is ready. */
  ready(): Promise<string> {
    return this.#started;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Resolves with its exit code or the signal that ended it. */
  async ended(): Promise<number | NodeJS.Signals> {
    if (this.isRunning) await once(this.child, 'exit');
    return this.child.exitCode ?? this.child.signalCode!;
  }

  async stop(): Promise<number | NodeJS.Signals> {
    if (this.isRunning) this.signal('SIGTERM');
    return this.ended();
  }

  async kill(): Promise<void> {
    if (this.isRunning) this.signal('SIGKILL');
    await this.ended();
  }

  /** Resolves when it has frozen itself (or was frozen) by SIGSTOP. */
  async frozen(): Promise<void> {
    await until('the process to be frozen', async () => {
      const stat = parseStat(await readFile(`/proc/${this.child.pid}/stat`, 'utf8'));
      return stat?.state === 'T';
    });
  }

  /** The partitions of each generation of the group it has been in, in order. */
  assignments(): readonly (readonly number[])[] {
    return this.log.flatMap(({ msg, assignment }) => (msg === 'Partitions assigned.' ? [assignment as number[]] : []));
  }

  linesOf(level: string): readonly LogLine[] {
    return this.log.filter((line) => line.level === level);
  }

  tail(): string {
    return [...this.log.slice(-20).map((line) => JSON.stringify(line)), ...this.noise.slice(-20)].join('\n');
  }

  #keep(line: string): void {
    try {
      this.log.push(JSON.parse(line) as LogLine);
    } catch {
      this.noise.push(line);
    }
  }
}
