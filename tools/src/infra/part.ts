import { closeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntilGone } from './child-record.ts';
import type { Guard } from './guard-pipe.ts';
import { type Command, GuardedChild } from './guarded-child.ts';
import { openLogFile, readLogTail, sizeOf } from './log-file.ts';
import { childrenOf } from './process-identity.ts';

export type PartName = 'kafka' | 'postgres' | 'azurite' | 'connect';

/** Says that a part answered and that waiting will not change its answer. */
export class NeverReady extends Error {}

/** What differs from part to part. */
export interface PartRecipe {
  readonly name: PartName;
  readonly cwd: string;
  readonly gentleSignal: 'SIGINT' | 'SIGTERM';
  /** How long the part may take to end by that signal. */
  readonly gentleMs?: number;
  /** Makes or repairs the data before each start, and says how to start. */
  prepare(): Promise<Command>;
  /** Where it keeps its data, if it keeps any. */
  readonly folder?: string;
  /** Resolves when the part answers in its own protocol; throws while it does not yet, NeverReady when it never will. */
  probe(): Promise<void>;
  /** Called after the process ended by a gentle signal. */
  onGentleEnd?(): void;
}

export interface PartPlace {
  readonly logFile: string;
  readonly recordFolder: string;
  readonly guard: Guard;
  readonly abort: AbortSignal;
  readonly onStarted: () => void;
  readonly onUnexpectedExit: (name: PartName, how: string) => void;
}

/** Long, because a JVM that records its class data archive for the first time takes 3 s, on a busy machine more. */
const DEFAULT_GENTLE_MS = 30_000;
/** Generous, because only a part that neither answers nor ends waits for it; a busy machine took 14 s. */
const READY_MS = 120_000;
const POLL_MS = 40;

/** One process of the infrastructure: it can be stopped, killed, wiped and started again on the same ports. */
export class Part {
  readonly name: PartName;
  readonly logFile: string;
  /** From the call of start to the first answer. */
  secondsToStart = 0;
  readonly #recipe: PartRecipe;
  readonly #place: PartPlace;
  #child: GuardedChild | undefined;
  #isStopping = false;

  constructor(recipe: PartRecipe, place: PartPlace) {
    this.name = recipe.name;
    this.logFile = place.logFile;
    this.#recipe = recipe;
    this.#place = place;
  }

  get pid(): number | undefined {
    return this.#child?.process.pid;
  }

  async start(): Promise<void> {
    if (this.#child !== undefined) throw new Error(`${this.name} runs already (pid ${this.pid}).`);
    const began = performance.now();
    const command = await this.#recipe.prepare();
    this.#place.abort.throwIfAborted();
    const logFrom = sizeOf(this.logFile);
    const child = this.#spawn(command);
    try {
      await this.#untilReady(child, logFrom);
    } catch (error) {
      await this.stop('SIGKILL');
      throw error;
    }
    this.secondsToStart = (performance.now() - began) / 1000;
    this.#place.onStarted();
  }

  /** Without a signal gently, and by SIGKILL when that takes too long. Returns when the process is gone. */
  async stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#isStopping = true;
    const { gentleMs = DEFAULT_GENTLE_MS } = this.#recipe;
    const grandchildren = child.process.pid === undefined ? [] : childrenOf(child.process.pid);
    await child.end(gentleMs, signal === 'SIGKILL' ? signal : undefined);
    // Postgres backends notice their parent's death by themselves; a new postmaster refuses while one is left.
    await Promise.all(grandchildren.map((each) => waitUntilGone(each, gentleMs)));
    if (child.process.signalCode === null) this.#recipe.onGentleEnd?.();
    this.#child = undefined;
  }

  /** Deletes the data of the stopped part. */
  async wipe(): Promise<void> {
    if (this.#child !== undefined) throw new Error(`${this.name} must be stopped before its data is wiped.`);
    if (this.#recipe.folder !== undefined) await rm(this.#recipe.folder, { recursive: true, force: true });
  }

  #spawn(command: Command): GuardedChild {
    const { name, cwd, gentleSignal } = this.#recipe;
    const { logFile, recordFolder, guard } = this.#place;
    const log = openLogFile(logFile);
    this.#isStopping = false;
    this.#child = new GuardedChild(command, {
      name,
      gentleSignal,
      guard,
      recordFolder,
      cwd,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    return this.#child;
  }

  async #untilReady(child: GuardedChild, logFrom: number): Promise<void> {
    let ending: string | undefined;
    let isReady = false;
    void child.ended.then((how) => {
      ending = how;
      if (isReady && !this.#isStopping) this.#exitedUnexpectedly(how);
    });
    const deadline = performance.now() + READY_MS;
    let lastAnswer: unknown;
    while (ending === undefined && performance.now() < deadline) {
      this.#place.abort.throwIfAborted();
      try {
        await this.#recipe.probe();
        isReady = true;
        return;
      } catch (error) {
        lastAnswer = error;
        if (error instanceof NeverReady) ending = error.message;
      }
      await sleep(POLL_MS);
    }
    throw this.#startError(ending ?? `does not answer after ${READY_MS / 1000} s (${String(lastAnswer)})`, logFrom);
  }

  #startError(why: string, logFrom: number): Error {
    const tail = readLogTail(this.logFile, logFrom, 12) || '(empty)';
    const { folder } = this.#recipe;
    const hint = folder === undefined ? '' : `\nIf its data is damaged, delete ${folder} to start empty.`;
    return new Error(`${this.name} ${why}. The end of ${this.logFile}:\n${tail}${hint}`);
  }

  #exitedUnexpectedly(how: string): void {
    this.#child = undefined;
    this.#place.onUnexpectedExit(this.name, how);
  }
}
