import { MIB } from '@assay/shared/contracts/units';
import { readPeaks } from '@assay/tools/start/peak-memory';
import { cpuSecondsOf, cpuSecondsOfTree } from './cpu-seconds.ts';

/** Figures are told for so many tickets. */
export const PER = 100_000;

/** What one program took to bring all tickets of the topic into a table. */
export interface Measured {
  readonly name: string;
  readonly rows: number;
  readonly seconds: number;
  readonly clientCpuSeconds: number;
  /** With all its children. */
  readonly postgresCpuSeconds: number;
  readonly peakRssMegabytes: number;
}

/** Begins to count; what it answers, asked at the end, is what was used since. */
export function startMeasuring(name: string, postgres: number) {
  const postgresBefore = cpuSecondsOfTree(postgres);
  const started = performance.now();
  return (client: number, rows: number, ended = performance.now()): Measured => ({
    name,
    rows,
    seconds: (ended - started) / 1000,
    clientCpuSeconds: cpuSecondsOf(client),
    postgresCpuSeconds: cpuSecondsOfTree(postgres) - postgresBefore,
    peakRssMegabytes: (readPeaks([{ name, pid: client }])[0]?.peakRssBytes ?? 0) / MIB,
  });
}

export const cpuOf = ({ clientCpuSeconds, postgresCpuSeconds, rows }: Measured): number =>
  ((clientCpuSeconds + postgresCpuSeconds) / rows) * PER;

export const rateOf = ({ rows, seconds }: Measured): number => rows / seconds;

export function lineOf(one: Measured): string {
  const per = (cpu: number) => ((cpu / one.rows) * PER).toFixed(1);
  return [
    `${one.name}: ${Math.round(rateOf(one))} tickets/s`,
    `CPU seconds per ${PER}: ${per(one.clientCpuSeconds)} client + ${per(one.postgresCpuSeconds)} Postgres = ${cpuOf(one).toFixed(1)}`,
    `peak RSS ${Math.round(one.peakRssMegabytes)} MB`,
  ].join(', ');
}
