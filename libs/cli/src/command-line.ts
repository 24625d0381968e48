import { nearest } from './nearest.ts';
import { runVerb } from './run-verb.ts';
import { exitCodes, type Terminal, type Verb } from './verb.ts';

/** Every verb by its name. A verb is loaded only when it is called, so that `assay mask` starts without Kafka's client.
 * Undefined where its package is not here: not built yet, or left out of an image. */
export type Verbs = Readonly<Record<string, () => Promise<Verb | undefined>>>;

export async function runCommandLine(verbs: Verbs, args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    terminal.stderr.write(await help(verbs));
    return exitCodes.badUsage;
  }
  const isHelp = name === 'help' || name === '--help' || name === '-h';
  if (isHelp && rest[0] === undefined) {
    terminal.stdout.write(await help(verbs));
    return exitCodes.done;
  }
  const called = isHelp ? rest[0]! : name;
  if (!Object.hasOwn(verbs, called)) return refuse(called, verbs, terminal);
  const verb = await verbs[called]!();
  if (verb === undefined) {
    terminal.stderr.write(
      `assay ${called}: this verb is not here: run npm run build, or it is left out of this image.\n`,
    );
    return exitCodes.failed;
  }
  return runVerb(verb, isHelp ? ['--help'] : rest, terminal);
}

function refuse(name: string, verbs: Verbs, { stderr }: Terminal): number {
  const meant = nearest(name, Object.keys(verbs));
  const hint = meant === undefined ? '' : `Did you mean "${meant}"? `;
  stderr.write(`assay: there is no verb "${name}". ${hint}All verbs: assay help\n`);
  return exitCodes.badUsage;
}

async function help(verbs: Verbs): Promise<string> {
  const all = await Promise.all(Object.values(verbs).map(async (load) => load()));
  const here = all.filter((verb) => verb !== undefined);
  const width = Math.max(...here.map(({ name }) => name.length));
  const lines = here.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `usage: assay <verb> [options]\n\n${lines.join('\n')}\n\nassay <verb> --help tells what one of them takes.\n`;
}
