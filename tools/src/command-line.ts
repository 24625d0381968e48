import { readArguments } from '@assay/cli/read-arguments';
import { type Options, UsageError, type Values } from '@assay/cli/verb';
import { HIGHEST_PORT } from './infra/ports.ts';

/** What `npm run infra` and `npm start` both take. */
export const sharedOptions = {
  'data-dir': { type: 'string', default: '.assay' },
  'port-base': { type: 'string' },
  once: { type: 'boolean' },
} as const satisfies Options;

/** Undefined when the help text was asked for. */
export const readOptions = <O extends Options>(args: readonly string[], options: O): Values<O> | undefined =>
  args.includes('--help') || args.includes('-h') ? undefined : readArguments(args, { options }).values;

export function parseWhole(option: string, text: string, largest = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= largest) return value;
  const range = largest === Number.MAX_SAFE_INTEGER ? 'from 1 on' : `from 1 to ${largest}`;
  throw new UsageError(`${option} must be a whole number ${range}, got "${text}".`);
}

/** The first of so many ports in a row. */
export const parsePortBase = (text: string | undefined, ports: number): number | undefined =>
  text === undefined ? undefined : parseWhole('--port-base', text, HIGHEST_PORT - ports + 1);

export interface Command<Options> {
  readonly name: string;
  readonly usage: string;
  /** Undefined when the help text was asked for. */
  readonly parse: (args: readonly string[]) => Options | undefined;
  readonly run: (options: Options) => Promise<number>;
}

/** Runs a command to its exit code: 2 after a wrong option, 1 after anything else that failed. */
export async function runCommand<Options>({ name, usage, parse, run }: Command<Options>): Promise<void> {
  // Whoever read our output may be gone; what we started must still be stopped in order.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  try {
    const options = parse(process.argv.slice(2));
    if (options === undefined) process.stdout.write(`${usage}\n`);
    else process.exitCode = await run(options);
  } catch (error) {
    const isUsage = error instanceof UsageError;
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    if (isUsage) process.stderr.write(`npm ${name === 'start' ? name : `run ${name}`} -- --help tells the options.\n`);
    process.exitCode = isUsage ? 2 : 1;
  }
}
