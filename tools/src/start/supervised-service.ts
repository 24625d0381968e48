import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Guard } from '../infra/guard-pipe.ts';
import { GuardedChild } from '../infra/guarded-child.ts';
import { openLogFile, readLogTail, sizeOf } from '../infra/log-file.ts';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** Who lived this long is well, and its next end starts the count anew. */
const STEADY_MS = 60_000;

export interface Restarts {
  /** Ends in a row, each soon after its start. */
  readonly count: number;
  readonly delayMs: number;
}

export const noRestarts: Restarts = { count: 0, delayMs: 0 };

/** Doubling waits, so that a service that cannot start leaves the machine usable. */
export function nextRestart(before: Restarts, livedMs: number): Restarts {
  const count = livedMs >= STEADY_MS ? 1 : before.count + 1;
  return { count, delayMs: Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (count - 1)) };
}

export interface ServiceProgram {
  readonly name: string;
  readonly entry: string;
  readonly environment: NodeJS.ProcessEnv;
}

export interface ServicePlace {
  readonly logFile: string;
  readonly recordFolder: string;
  readonly guard: Guard;
  readonly say: (line: string) => void;
  readonly onReadyAgain: () => void;
}

/** A service gives itself 25 s to stop; past that it hangs. */
const GENTLE_MS = 30_000;
/** Before it was ready once, more tries would only repeat a wrong setting. */
const MOST_FIRST_STARTS = 4;

/** One service as a child process that is started again whenever it ends, until it is stopped. */
export class SupervisedService {
  readonly name: string;
  address: string | undefined;
  #child: GuardedChild | undefined;
  readonly #program: ServiceProgram;
  readonly #place: ServicePlace;
  readonly #stopping = new AbortController();
  readonly #ready = Promise.withResolvers<string>();
  #supervising: Promise<void> = Promise.resolve();

  constructor(program: ServiceProgram, place: ServicePlace) {
    this.name = program.name;
    this.#program = program;
    this.#place = place;
    this.#ready.promise.catch(() => {}); // whoever waits for it in start() gets the reason
  }

  get pid(): number | undefined {
    return this.#child?.process.pid;
  }

  /** Resolves with its HTTP address when it is ready for the first time. */
  start(): Promise<string> {
    this.#supervising = this.#supervise();
    return this.#ready.promise;
  }

  /** Resolves when the process is gone; it is not started again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#ready.reject(new Error(`${this.name} was stopped while it started.`));
    await this.#child?.end(GENTLE_MS);
    await this.#supervising;
  }

  async #supervise(): Promise<void> {
    const { say, logFile } = this.#place;
    const { signal } = this.#stopping;
    let restarts = noRestarts;
    while (!signal.aborted) {
      const began = performance.now();
      const logFrom = sizeOf(logFile);
      const how = await this.#runOnce();
      if (signal.aborted) return;
      restarts = nextRestart(restarts, performance.now() - began);
      if (this.address === undefined && restarts.count >= MOST_FIRST_STARTS) {
        const tail = readLogTail(logFile, logFrom, 5) || '(empty)';
        this.#ready.reject(new Error(`${this.name} ${how} before it was ready. The end of ${logFile}:\n${tail}`));
        return;
      }
      say(`${this.name} ${how}; starting it again in ${restarts.delayMs / 1000} s (its log is ${logFile})`);
      await sleep(restarts.delayMs, undefined, { signal }).catch(() => {}); // rejects only when stopped
    }
  }

  /** From one start to its end; answers how it ended. */
  async #runOnce(): Promise<string> {
    const { name, entry, environment } = this.#program;
    const { logFile, recordFolder, guard } = this.#place;
    const log = openLogFile(logFile);
    const args = ['--disable-warning=TimeoutNegativeWarning', entry];
    const child = new GuardedChild(
      { file: process.execPath, args, env: environment },
      { name, gentleSignal: 'SIGTERM', guard, recordFolder, stdio: ['ignore', log, log, 'ipc'] },
    );
    closeSync(log);
    this.#child = child;
    child.process.once('message', (message) => this.#becameReady((message as { address: string }).address));
    const how = await child.ended;
    this.#child = undefined;
    return how;
  }

  #becameReady(address: string): void {
    const isAgain = this.address !== undefined;
    this.address = address;
    this.#ready.resolve(address);
    if (!isAgain) return;
    this.#place.onReadyAgain(); // endpoints.json has the new process before anybody is told to look
    this.#place.say(`${this.name} is ready again`);
  }
}
