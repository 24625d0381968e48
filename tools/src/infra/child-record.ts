import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessIdentity, signalProcess } from './process-identity.ts';
import { readJson, writeJson } from './whole-file.ts';

const gentleSignals = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const;

/** What must be known of a child to end it later, from another process too. */
export interface ChildRecord extends ProcessIdentity {
  readonly name: string;
  readonly gentleSignal: (typeof gentleSignals)[number];
}

const POLL_MS = 50;

/** False when the process is still there after that time. */
export async function waitUntilGone(target: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isAlive(target)) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** Ends a process gently, or by SIGKILL when that takes too long. A pid that is another process by now is let alone. */
export async function endProcess(record: ChildRecord, gentleMs: number): Promise<void> {
  if (!signalProcess(record, record.gentleSignal)) return;
  if (await waitUntilGone(record, gentleMs)) return;
  signalProcess(record, 'SIGKILL');
  await waitUntilGone(record, 5_000);
}

const fileOf = (folder: string, name: string): string => join(folder, `${name}.json`);

export function writeRecord(folder: string, record: ChildRecord): void {
  mkdirSync(folder, { recursive: true });
  writeJson(fileOf(folder, record.name), record);
}

export const dropRecord = (folder: string, name: string): void => rmSync(fileOf(folder, name), { force: true });

/** A record torn by a full disk names nobody; the part's own checks (ports, locks) still speak up. */
export function readRecord(file: string): ChildRecord | undefined {
  const record = (readJson(file) ?? {}) as Partial<ChildRecord>;
  const { pid, startedAt, name, gentleSignal } = record;
  // 0 and -1 would mean many processes, 1 is init.
  const isProcess = typeof pid === 'number' && pid > 1 && typeof startedAt === 'string';
  return isProcess && typeof name === 'string' && gentleSignals.includes(gentleSignal!)
    ? (record as ChildRecord)
    : undefined;
}

/** The children of an earlier start that are still alive; the caller holds the lock, so that start is over. */
export function readLeftovers(folder: string): ChildRecord[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readRecord(join(folder, name)))
    .filter((record) => record !== undefined)
    .filter(isAlive);
}
