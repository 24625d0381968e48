import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second for every process of this kind. */
const TICKS_A_SECOND = 100;

interface Times {
  readonly parent: number;
  readonly own: number;
  /** Of children that have ended and were waited for. */
  readonly ended: number;
}

/** Null when the process is gone. */
function timesOf(pid: number): Times | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The name in parentheses may hold anything; the numbers come after it.
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parent, own, ended] = [fields[1]!, fields[11]! + fields[12]!, fields[13]! + fields[14]!];
  return { parent, own: own / TICKS_A_SECOND, ended: ended / TICKS_A_SECOND };
}

export const cpuSecondsOf = (pid: number): number => timesOf(pid)?.own ?? 0;

/** A process, its children that live, and those that have ended. */
export function cpuSecondsOfTree(pid: number): number {
  const root = timesOf(pid);
  if (root === null) return 0;
  const children = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (timesOf(Number(name)) ?? []) : []));
  return children.reduce((sum, child) => (child.parent === pid ? sum + child.own : sum), root.own + root.ended);
}
