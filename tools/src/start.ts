// `npm start`: the whole system on this machine, and a demo of what it is for.
import { runCommand } from './command-line.ts';
import { renderAddresses, renderTable } from './infra/report.ts';
import { onRequestToEnd } from './infra/request-to-end.ts';
import { showDemo } from './start/demo/show-demo.ts';
import { RunningSystem } from './start/running-system.ts';
import { StageRunner } from './start/stage-runner.ts';
import { parseStartOptions, type StartOptions, usage } from './start/start-options.ts';

const screen = {
  isTerminal: process.stdout.isTTY === true,
  get columns() {
    return process.stdout.columns ?? 120;
  },
  write: (text: string): void => void process.stdout.write(text),
};

/** Ends the start or the demo; not a failure when a person asked for it. */
class Interrupted extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

function renderWhereabouts({ infrastructure, services }: RunningSystem): string {
  const rows = Object.entries(services).map(([name, address]) => [name, address]);
  return [
    renderAddresses(infrastructure.endpoints),
    renderTable(rows),
    `\nthe console: ${services.console}`,
    `${infrastructure.dataDir}/endpoints.json has all addresses, ${infrastructure.dataDir}/logs what each process says.`,
  ].join('\n');
}

async function run(options: StartOptions): Promise<number> {
  const stages = new StageRunner(screen);
  const ending = new AbortController();
  const end = Promise.withResolvers<number>();
  const finish = (why: string, exitCode: number): void => {
    stages.say(why);
    ending.abort(new Interrupted(why, exitCode));
    end.resolve(exitCode);
  };
  // Whoever wanted to see the demo to its end has not.
  onRequestToEnd((why) => finish(why, options.isOnce ? 1 : 0));
  const onPartLost = (): void =>
    finish(
      'Nothing can go on without it: stopping. Its log tells why; the data is kept, so start again after that.',
      1,
    );
  try {
    const system = await RunningSystem.start(options, { stages, abort: ending.signal, onPartLost });
    try {
      return await show(system, stages, options, ending.signal, end.promise);
    } finally {
      await system.stop();
    }
  } catch (error) {
    // What the abort tore apart ends in errors of many kinds; the reason is the one that was said.
    if (ending.signal.aborted) return (ending.signal.reason as Interrupted).exitCode;
    throw error;
  }
}

async function show(
  system: RunningSystem,
  stages: StageRunner,
  options: StartOptions,
  abort: AbortSignal,
  ended: Promise<number>,
): Promise<number> {
  const addsUp = options.hasDemo
    ? await showDemo({ system: system.forDemo(), stages, tickets: options.tickets, abort })
    : true;
  stages.say(renderWhereabouts(system));
  if (options.isOnce) return addsUp ? 0 : 1;
  stages.say('Ctrl-C stops everything and keeps the data.');
  return ended;
}

await runCommand({ name: 'start', usage, parse: parseStartOptions, run });
