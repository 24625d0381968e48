import type { Endpoints } from './endpoints.ts';
import { type Infrastructure, kinds, partNames } from './infrastructure.ts';
import { childrenOf, residentBytes } from './process-identity.ts';

/** Columns as wide as their widest cell; numbers to the right. */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  const pad = (cell: string, index: number): string =>
    /^[\d.]+$/.test(cell) ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

function megabytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(0);
}

/** Postgres is one process per task: their memory is added up, so what they share counts more than once. */
function processRow(name: string, seconds: string, pid: number | undefined): string[] {
  if (pid === undefined) return [name, seconds, '', ''];
  const children = childrenOf(pid).map((child) => child.pid);
  const bytes = [pid, ...children].reduce((sum, each) => sum + residentBytes(each), 0);
  const label = children.length > 0 && name !== 'this process' ? `${name} (${children.length + 1} processes)` : name;
  return [label, seconds, megabytes(name === 'this process' ? residentBytes(pid) : bytes), String(pid)];
}

export function renderProcesses(infrastructure: Infrastructure): string {
  return renderTable([
    ['part', 'seconds', 'RSS MB', 'pid'],
    ...infrastructure.parts.map((part) => processRow(part.name, part.secondsToStart.toFixed(1), part.pid)),
    processRow('guard', '', infrastructure.guardPid),
    processRow('this process', '', process.pid),
  ]);
}

export function renderAddresses(endpoints: Endpoints): string {
  const rows = partNames.map((name) => [name, endpoints[kinds[name].address] ?? 'left out']);
  return renderTable(rows);
}
