import { readFileSync } from 'node:fs';
import { childrenOf } from '@assay/tools/infra/process-identity';

/** Linux counts processor time in hundredths of a second for every process of this kind. */
const TICKS_A_SECOND = 100;

interface Times {
  readonly own: number;
  /** Of children that have ended and were waited for. */
  readonly ended: number;
}

/** All zero when the process is gone. */
function timesOf(pid: number): Times {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return { own: 0, ended: 0 };
  }
  // The name in parentheses may hold anything; the numbers come after it.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return { own: (fields[11]! + fields[12]!) / TICKS_A_SECOND, ended: (fields[13]! + fields[14]!) / TICKS_A_SECOND };
}

export const cpuSecondsOf = (pid: number): number => timesOf(pid).own;

/** A process, its children that live, and those that have ended. */
export function cpuSecondsOfTree(pid: number): number {
  const { own, ended } = timesOf(pid);
  return childrenOf(pid).reduce((sum, child) => sum + cpuSecondsOf(child.pid), own + ended);
}
