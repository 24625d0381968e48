import { existsSync, readFileSync } from 'node:fs';
import { childrenOf, commandLine } from '../infra/process-identity.ts';

export interface ProcessPeak {
  readonly name: string;
  readonly pid: number;
  readonly peakRssBytes: number;
}

/** The highest resident size a process ever had, from /proc/<pid>/status. */
export function parsePeakBytes(status: string): number | undefined {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

function peakOf(name: string, pid: number): ProcessPeak[] {
  const file = `/proc/${pid}/status`;
  const peakRssBytes = existsSync(file) ? parsePeakBytes(readFileSync(file, 'utf8')) : undefined;
  return peakRssBytes === undefined ? [] : [{ name, pid, peakRssBytes }];
}

/**
 * The peak of each process and of its children (Postgres is one for each task, and what they share counts in each). Only
 * Linux tells; elsewhere there are none.
 */
export function readPeaks(
  processes: readonly { readonly name: string; readonly pid: number | undefined }[],
): ProcessPeak[] {
  return processes.flatMap(({ name, pid }) => {
    if (pid === undefined) return [];
    const children = pid === process.pid ? [] : childrenOf(pid);
    return [...peakOf(name, pid), ...children.flatMap((child) => peakOf(`${name}: ${taskOf(child.pid)}`, child.pid))];
  });
}

/** Postgres writes into its command line what each process does, and for a client from which port. */
const taskOf = (pid: number): string =>
  commandLine(pid)
    .replace(/^postgres: /, '')
    .replace(/ 127\.0\.0\.1\(\d+\).*$/, '')
    .slice(0, 60);
