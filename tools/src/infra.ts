import { runCommand } from './command-line.ts';
import { existingInfrastructure } from './infra/endpoints.ts';
import { type InfraOptions, parseInfraOptions, usage } from './infra/infra-options.ts';
import { startInfrastructure } from './infra/infrastructure.ts';
import { renderAddresses, renderProcesses } from './infra/report.ts';
import { onRequestToEnd } from './infra/request-to-end.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

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

await runCommand({ name: 'infra', usage, parse: parseInfraOptions, run });
