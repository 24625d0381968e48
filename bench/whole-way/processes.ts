import { type SystemBed, serviceNames, waits } from '@assay/e2e/support/system-bed';
import { cpuSecondsOfTree } from '../ingest/cpu-seconds.ts';

/** CPU seconds by process, each with all its children. */
export type Spent = Readonly<Record<string, number>>;

export function cpuOf(bed: SystemBed): Spent {
  const parts = bed.infrastructure.parts.map(({ name, pid }) => [name, pid] as const);
  const services = serviceNames.map((name) => [name, bed.service(name).child.pid] as const);
  return Object.fromEntries([...parts, ...services].map(([name, pid]) => [name, cpuSecondsOfTree(pid!)]));
}

export const difference = (after: Spent, before: Spent): Spent =>
  Object.fromEntries(Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]));

export const sumOf = (spent: Spent): number => Object.values(spent).reduce((sum, seconds) => sum + seconds, 0);

export const shown = (spent: Spent, times = 1): string =>
  Object.entries(spent)
    .filter(([, seconds]) => seconds * times >= 0.05)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, seconds]) => `${name} ${(seconds * times).toFixed(1)}`)
    .join(', ');

/** For a service of a bed, which otherwise looks more often than one of users does. */
export const defaults = Object.fromEntries(
  [...Object.keys(waits), 'KAFKA_SESSION_TIMEOUT_MS'].map((name) => [name, undefined]),
) as unknown as Readonly<Record<string, string>>;
