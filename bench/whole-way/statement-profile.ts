import { readFileSync } from 'node:fs';
import type { SystemBed } from '@assay/e2e/support/system-bed';
import { logFileOf } from '@assay/tools/infra/data-dir';

/** Postgres then writes what each execution cost, which itself costs: the sum is not comparable with a run without it. */
export const profileSettings = { log_statement_stats: 'on', log_error_verbosity: 'default' } as const;

interface Cost {
  cpu: number;
  calls: number;
}

const CPU = /^!\s+([\d.]+) s user, ([\d.]+) s system, ([\d.]+) s elapsed/m;
const ENTRY = /\n(?=\d{4}-\d\d-\d\d )/;
const SHOWN = 25;
const SHOWN_LENGTH = 110;

/** CPU seconds of each statement's executions, from the log. */
export function statementProfile(bed: SystemBed): string {
  const costs = new Map<string, Cost>();
  let cpu = Number.NaN;
  for (const entry of readFileSync(logFileOf(bed.infrastructure.dataDir, 'postgres'), 'utf8').split(ENTRY)) {
    const stats = CPU.exec(entry);
    if (stats !== null) cpu = Number(stats[1]) + Number(stats[2]);
    const statement = /STATEMENT: {2}([\s\S]*)/.exec(entry)?.[1];
    if (statement === undefined || Number.isNaN(cpu)) continue;
    const name = statement.replaceAll(/\s+/g, ' ').trim().slice(0, SHOWN_LENGTH);
    const cost = costs.get(name) ?? { cpu: 0, calls: 0 };
    costs.set(name, { cpu: cost.cpu + cpu, calls: cost.calls + 1 });
    cpu = Number.NaN;
  }
  return [...costs]
    .toSorted(([, a], [, b]) => b.cpu - a.cpu)
    .slice(0, SHOWN)
    .map(
      ([name, { cpu: seconds, calls }]) => `${seconds.toFixed(2).padStart(8)} s ${String(calls).padStart(7)} × ${name}`,
    )
    .join('\n');
}
