import { isAlive, parentOf, type ProcessIdentity, readEnvironment } from './process-identity.ts';

/** Ctrl-C may come twice, from the terminal and from a launcher that passes it on. */
const SAME_SIGNAL_MS = 1_000;

/** The first signal ends in order; a later one ends this process at once and leaves the rest to the guards. */
export function onRequestToEnd(act: (why: string) => void): void {
  let endingSince: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (endingSince !== undefined && performance.now() - endingSince > SAME_SIGNAL_MS) process.exit(1);
      if (endingSince !== undefined) return;
      endingSince = performance.now();
      act(`${signal}: stopping; once more stops without waiting.`);
    });
  }
  whenLauncherDies(() => act('npm is gone: stopping.'));
}

const POLL_MS = 500;
const MOST_LAUNCHERS = 10;

/** What the walk needs to know of processes; tests stand in for the system. */
export interface ProcessTree {
  readonly parentOf: (pid: number) => ProcessIdentity | undefined;
  readonly readEnvironment: (pid: number) => string | undefined;
}

/**
 * The processes between us and npm, npm included: `npm run infra` is npm, a shell, a wrapper and then us. Only npm itself
 * lacks the variable that it sets for all others. None when npm did not start us.
 */
export function launchersOf(pid: number, tree: ProcessTree = { parentOf, readEnvironment }): ProcessIdentity[] {
  const launchers: ProcessIdentity[] = [];
  let below = pid;
  while (launchers.length < MOST_LAUNCHERS && tree.readEnvironment(below)?.includes('npm_lifecycle_event=') === true) {
    const parent = tree.parentOf(below);
    if (parent === undefined || parent.pid <= 1) break;
    launchers.push(parent);
    below = parent.pid;
  }
  return launchers;
}

/**
 * Signals do not climb down from npm: who kills it, or the terminal's job that it is, means us, but only it would end.
 * Calls back once, when one of them is gone.
 */
function whenLauncherDies(act: () => void): void {
  const launchers = launchersOf(process.pid);
  if (launchers.length === 0) return;
  const timer = setInterval(() => {
    if (launchers.every(isAlive)) return;
    clearInterval(timer);
    act();
  }, POLL_MS);
  timer.unref();
}
