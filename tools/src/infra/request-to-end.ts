import { whenLauncherDies } from './launchers.ts';

/** Ctrl-C may come twice, from the terminal and from a launcher that passes it on. */
const sameSignalMs = 1_000;

/** The first signal ends in order; a later one ends this process at once and leaves the rest to the guards. */
export function onRequestToEnd(act: (why: string) => void): void {
  let endingSince: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (endingSince !== undefined && performance.now() - endingSince > sameSignalMs) process.exit(1);
      if (endingSince !== undefined) return;
      endingSince = performance.now();
      act(`${signal}: stopping; once more stops without waiting.`);
    });
  }
  whenLauncherDies(() => act('npm is gone: stopping.'));
}
