import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessIdentity, signalProcess } from './process-identity.ts';

/** What must be known of a child to end it later, from another process too. */
export interface ChildRecord extends ProcessIdentity {
  readonly name: string;
  readonly gentleSignal: 'SIGINT' | 'SIGTERM' | 'SIGKILL';
}

const pollMs = 50;

/** False when the process is still there after that time. */
export async function waitUntilGone(target: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isAlive(target)) {
    if (performance.now() > deadline) return false;
    await sleep(pollMs);
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

function recordFile(folder: string, name: string): string {
  return join(folder, `${name}.json`);
}

export function writeRecord(folder: string, record: ChildRecord): void {
  mkdirSync(folder, { recursive: true });
  const file = recordFile(folder, record.name);
  writeFileSync(`${file}.new`, JSON.stringify(record));
  renameSync(`${file}.new`, file);
}

export function dropRecord(folder: string, name: string): void {
  rmSync(recordFile(folder, name), { force: true });
}

function isRecord(value: unknown): value is ChildRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, startedAt, name, gentleSignal } = value as Partial<Record<keyof ChildRecord, unknown>>;
  return (
    typeof pid === 'number' &&
    pid > 1 &&
    typeof startedAt === 'string' &&
    typeof name === 'string' &&
    (gentleSignal === 'SIGINT' || gentleSignal === 'SIGTERM' || gentleSignal === 'SIGKILL')
  );
}

export function parseRecord(text: string): ChildRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch (error) {
    // A record torn by a full disk names nobody; the part's own checks (ports, locks) still speak up.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The children of an earlier start that are still alive; the caller holds the lock, so that start is over. */
export function readLeftovers(folder: string): ChildRecord[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => parseRecord(readFileSync(join(folder, name), 'utf8')))
    .filter((record) => record !== undefined)
    .filter(isAlive);
}
