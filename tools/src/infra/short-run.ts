import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { endProcess } from './child-record.ts';
import { identify } from './process-identity.ts';
import type { Site } from './site.ts';

export interface ShortRun {
  /** For messages: what could not be done. */
  readonly purpose: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  readonly onLine?: (line: string) => void;
}

const keptLines = 200;
const gentleMs = 5_000;

/** Runs a tool to its end under the guard: Maven takes a minute on a slow line, and may not outlive us either. */
export async function runToEnd(run: ShortRun, { guard, abort }: Pick<Site, 'guard' | 'abort'>): Promise<void> {
  abort.throwIfAborted();
  const { purpose, file, args, onLine, ...options } = run;
  const child = spawn(file, args, { ...options, cwd: '/', detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  const record = identity && { ...identity, name: purpose, gentleSignal: 'SIGTERM' as const };
  if (record !== undefined) guard.watch(record);
  const end = () => record && void endProcess(record, gentleMs);
  abort.addEventListener('abort', end);
  const lines: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      onLine?.(line);
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
    });
  }
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    abort.throwIfAborted();
    if (code !== 0) throw new Error(`${purpose} failed (exit code ${code}):\n${worstLines(lines).join('\n')}`);
  } finally {
    abort.removeEventListener('abort', end);
    if (record !== undefined) guard.forget(record.pid);
  }
}

/** Maven marks what matters; other tools say it last. */
export function worstLines(lines: readonly string[]): string[] {
  const marked = lines.filter((line) => line.includes('ERROR'));
  return marked.length > 0 ? marked.slice(0, 8) : lines.slice(-12);
}
