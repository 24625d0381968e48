import { existingInfrastructure } from './infra/endpoints.ts';
import { type InfraOptions, parseInfraOptions, usage, UsageError } from './infra/infra-options.ts';
import { startInfrastructure } from './infra/infrastructure.ts';
import { whenLauncherDies } from './infra/launchers.ts';
import { renderAddresses, renderProcesses } from './infra/report.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Ctrl-C may come twice, from the terminal and from a launcher that passes it on. */
const sameSignalMs = 1_000;

/** The first signal ends in order; a later one ends this process at once and leaves the rest to the guard. */
function onRequestToEnd(act: (why: string) => void): void {
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

async function run({ isOnce, ...options }: InfraOptions): Promise<number> {
  const began = performance.now();
  const abort = new AbortController();
  const end = Promise.withResolvers<number>();
  onRequestToEnd((why) => {
    say(why);
    abort.abort(new Error('stopped while starting.'));
    end.resolve(0);
  });
  const infrastructure = await startInfrastructure({
    ...options,
    existing: existingInfrastructure(process.env),
    abort: abort.signal,
    log: say,
    onUnexpectedExit: () => end.resolve(1),
  });
  const seconds = (performance.now() - began) / 1000;
  say(`\n${renderProcesses(infrastructure)}\n\n${renderAddresses(infrastructure.endpoints)}\n`);
  say(`up after ${seconds.toFixed(1)} s; ${infrastructure.dataDir}/endpoints.json has the addresses.`);
  if (isOnce) end.resolve(0);
  else say('Ctrl-C stops everything and keeps the data.');
  const code = await end.promise;
  await infrastructure.stop();
  return code;
}

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = parseInfraOptions(args);
    if (options !== undefined) return await run(options);
    say(usage);
    return 0;
  } catch (error) {
    process.stderr.write(`infra: ${error instanceof Error ? error.message : String(error)}\n`);
    if (error instanceof UsageError) process.stderr.write('npm run infra -- --help tells the options.\n');
    return error instanceof UsageError ? 2 : 1;
  }
}

// Whoever read our output may be gone; the parts must still be stopped in order.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

process.exitCode = await main(process.argv.slice(2));
