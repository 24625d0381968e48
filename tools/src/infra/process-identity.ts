import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** A process that can be told from a later one which got the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time and boot as the kernel tells them, without blanks; only compared. */
  readonly startedAt: string;
}

const hasProc = existsSync('/proc/self/stat');

/** Undefined when the process is gone, or another account's whose file is closed to us. */
function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** The fields of /proc/<pid>/stat from the third on; the second, the command's name, may hold spaces and brackets. */
export function parseStat(stat: string): { state: string; parent: number; startedAt: string } | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, startedAt] = [fields[0], fields[1], fields[19]];
  return state === undefined || parent === undefined || startedAt === undefined
    ? undefined
    : { state, parent: Number(parent), startedAt };
}

function ps(columns: string, ...selection: string[]): string {
  try {
    return execFileSync('ps', ['-o', columns, ...selection], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    });
  } catch (error) {
    // ps ends with 1 when it selected no process.
    if (error instanceof Error && 'status' in error && error.status === 1) return '';
    throw error;
  }
}

/** The identity of a living process; a zombie counts as gone, because nothing of it runs any more. */
export function identify(pid: number): ProcessIdentity | undefined {
  if (!hasProc) {
    const [state, ...started] = ps('state=,lstart=', '-p', String(pid)).trim().split(/\s+/);
    return state === undefined || state === '' || state.startsWith('Z')
      ? undefined
      : { pid, startedAt: started.join('_') };
  }
  const stat = parseStat(readProc(`/proc/${pid}/stat`) ?? '');
  if (stat === undefined || stat.state === 'Z' || stat.state === 'X') return undefined;
  // Start times count from boot, so after a reboot a stranger could have the same pid and the same start time.
  const boot = readProc('/proc/sys/kernel/random/boot_id')?.trim() ?? 'boot';
  return { pid, startedAt: `${stat.startedAt}@${boot}` };
}

/** One word that the guard, which lives no longer than this boot, can compare by itself. */
export function startTimeInThisBoot({ startedAt }: ProcessIdentity): string {
  return startedAt.split('@', 1)[0] ?? startedAt;
}

export function isAlive(process: ProcessIdentity): boolean {
  return identify(process.pid)?.startedAt === process.startedAt;
}

/** Signals the process only if it is still the same one. A false answer means it is gone. */
export function signalProcess(target: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(target)) return false;
  try {
    return process.kill(target.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Parents by pid, of every process there is. */
function readParents(): (readonly [pid: number, parent: number | undefined])[] {
  if (!hasProc)
    return ps('pid=,ppid=', '-A')
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => [Number(pid), parseStat(readProc(`/proc/${pid}/stat`) ?? '')?.parent]);
}

export const childrenOf = (parent: number): ProcessIdentity[] =>
  readParents()
    .filter(([, ppid]) => ppid === parent)
    .map(([pid]) => identify(pid))
    .filter((child) => child !== undefined);

export function parentOf(pid: number): ProcessIdentity | undefined {
  const parent = hasProc
    ? parseStat(readProc(`/proc/${pid}/stat`) ?? '')?.parent
    : Number(ps('ppid=', '-p', String(pid)));
  return parent === undefined || parent === 0 ? undefined : identify(parent);
}

/** The variables a process was started with; undefined when it is gone or another account's. */
export const readEnvironment = (pid: number): string | undefined =>
  hasProc ? readProc(`/proc/${pid}/environ`) : ps('command=', '-E', '-p', String(pid));

/** The words a process was started with; empty when it is gone or not ours to read. */
export const commandLine = (pid: number): string =>
  (hasProc ? (readProc(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ') : ps('command=', '-p', String(pid))).trim();
