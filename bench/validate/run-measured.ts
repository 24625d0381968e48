import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Measured {
  readonly exit: number;
  readonly wallSeconds: number;
  /** User and system time of the command and of everything it started. */
  readonly cpuSeconds: number;
  readonly peakRssBytes: number;
}

/** Runs the command under measure.py, its output thrown away unless it fails. `out` exists and is the command's to fill. */
export function runMeasured(python: string, command: readonly string[], out: string): Measured {
  const report = join(out, 'measured.json');
  const args = [join(import.meta.dirname, 'measure.py'), report, '--', ...command];
  const run = spawnSync(python, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (run.status !== 0) process.stderr.write(run.stderr);
  const measured = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
  return {
    exit: measured['exit'] ?? -1,
    wallSeconds: measured['wall_seconds'] ?? 0,
    cpuSeconds: measured['cpu_seconds'] ?? 0,
    peakRssBytes: measured['peak_rss_bytes'] ?? 0,
  };
}

export function runPython(python: string, args: readonly string[]): boolean {
  return spawnSync(python, args, { stdio: ['ignore', 'ignore', 'pipe'] }).status === 0;
}
