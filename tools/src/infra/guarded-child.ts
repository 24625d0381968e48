import { type ChildProcess, spawn } from 'node:child_process';
import { type ChildRecord, dropRecord, endProcess, writeRecord } from './child-record.ts';
import type { Guard } from './guard-pipe.ts';
import { identify } from './process-identity.ts';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
}

export interface ChildPlace {
  readonly name: string;
  readonly gentleSignal: ChildRecord['gentleSignal'];
  readonly guard: Guard;
  /** Where the next start looks for those who are left. */
  readonly recordFolder?: string;
  readonly cwd?: string;
  /** For input, output, errors, and a channel for messages. */
  readonly stdio: readonly ('ignore' | 'pipe' | 'ipc' | number)[];
}

/** A child that does not outlive us, however we end. */
export class GuardedChild {
  readonly process: ChildProcess;
  /** How it ended, as the rest of a sentence. */
  readonly ended: Promise<string>;
  readonly #record: ChildRecord | undefined;

  constructor(
    { file, args, ...identity }: Command,
    { name, gentleSignal, guard, recordFolder, cwd, stdio }: ChildPlace,
  ) {
    // A process group of its own: Ctrl-C in the terminal must reach only us, because we stop our children in order.
    const child = spawn(file, args, { ...identity, ...(cwd && { cwd }), stdio: [...stdio], detached: true });
    this.process = child;
    const found = child.pid === undefined ? undefined : identify(child.pid);
    this.#record = found && { ...found, name, gentleSignal };
    if (this.#record !== undefined) {
      guard.watch(this.#record);
      if (recordFolder !== undefined) writeRecord(recordFolder, this.#record);
    }
    this.ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(`could not be started (${error.message})`));
      child.once('exit', (code, signal) => resolve(signal === null ? `ended with ${code}` : `was ended by ${signal}`));
    }).finally(() => {
      if (recordFolder !== undefined) dropRecord(recordFolder, name);
    });
  }

  /** Ends it by that signal, or by SIGKILL when that takes too long. Returns when it is gone. */
  async end(gentleMs: number, gentleSignal = this.#record?.gentleSignal): Promise<void> {
    if (this.#record !== undefined) await endProcess({ ...this.#record, gentleSignal: gentleSignal! }, gentleMs);
    await this.ended;
  }
}
