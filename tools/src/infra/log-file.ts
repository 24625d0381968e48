import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const ROTATE_ABOVE_BYTES = 10_000_000;

/** Appends, so the words of the process that died are still there after the next start. */
export function openLogFile(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (existsSync(file) && statSync(file).size > ROTATE_ABOVE_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
}

export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The last lines written after `from`, for an error message. */
export function readLogTail(file: string, from: number, lines: number): string {
  if (!existsSync(file)) return '';
  const buffer = Buffer.alloc(16_384);
  const end = statSync(file).size;
  const descriptor = openSync(file, 'r');
  try {
    const start = Math.max(Math.min(from, end), end - buffer.length);
    const bytes = readSync(descriptor, buffer, 0, end - start, start);
    return buffer.toString('utf8', 0, bytes).trimEnd().split('\n').slice(-lines).join('\n');
  } finally {
    closeSync(descriptor);
  }
}
