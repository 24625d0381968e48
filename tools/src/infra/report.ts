import type { Endpoints } from './endpoints.ts';
import { type Infrastructure, kinds, partNames } from './infrastructure.ts';

/** Columns as wide as their widest cell; numbers to the right. */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  const pad = (cell: string, index: number): string =>
    /^[\d.]+$/.test(cell) ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

export const renderProcesses = ({ parts, guard }: Infrastructure): string =>
  renderTable([
    ['part', 'seconds', 'pid'],
    ...parts.map(({ name, secondsToStart, pid }) => [name, secondsToStart.toFixed(1), String(pid)]),
    ['guard', '', String(guard.pid)],
    ['this process', '', String(process.pid)],
  ]);

export function renderAddresses(endpoints: Endpoints): string {
  const rows = partNames.map((name) => [name, endpoints[kinds[name].address] ?? 'left out']);
  return renderTable(rows);
}
