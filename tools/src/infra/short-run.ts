import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Command, GuardedChild } from './guarded-child.ts';
import type { Site } from './site.ts';

export interface ShortRun extends Command {
  /** For messages: what could not be done. */
  readonly purpose: string;
  readonly onLine?: (line: string) => void;
}

const KEPT_LINES = 200;
const GENTLE_MS = 5_000;

/** Runs a tool to its end under the guard: Maven takes a minute on a slow line, and may not outlive us either. */
export async function runToEnd(run: ShortRun, { guard, abort }: Pick<Site, 'guard' | 'abort'>): Promise<void> {
  abort.throwIfAborted();
  const { purpose, onLine, ...command } = run;
  const place = { name: purpose, gentleSignal: 'SIGTERM', guard, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] } as const;
  const child = new GuardedChild(command, place);
  const end = () => void child.end(GENTLE_MS);
  abort.addEventListener('abort', end);
  const lines: string[] = [];
  for (const input of [child.process.stdout!, child.process.stderr!]) {
    createInterface({ input }).on('line', (line) => {
      onLine?.(line);
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
    });
  }
  try {
    const [code] = (await once(child.process, 'close')) as [number | null];
    abort.throwIfAborted();
    if (code !== 0) throw new Error(`${purpose} failed (exit code ${code}):\n${worstLines(lines).join('\n')}`);
  } finally {
    abort.removeEventListener('abort', end);
  }
}

/** Maven marks what matters; other tools say it last. */
export function worstLines(lines: readonly string[]): string[] {
  const marked = lines.filter((line) => line.includes('ERROR'));
  return marked.length > 0 ? marked.slice(0, 8) : lines.slice(-12);
}
