import { readArguments } from './read-arguments.ts';
import { exitCodes, type Terminal, type Verb } from './verb.ts';

/** Reads the arguments and runs the verb. What people can mend is told in a sentence; whatever else goes wrong is thrown. */
export async function runVerb(verb: Verb, args: readonly string[], terminal: Terminal): Promise<number> {
  if (asksForHelp(args)) {
    terminal.stdout.write(`${verb.usage}\n`);
    return exitCodes.done;
  }
  try {
    return await verb.run(readArguments(args, verb), terminal);
  } catch (error) {
    const usage = isUsageError(error) ? `\n${verb.usage}\n` : '';
    if (usage === '' && !isInputError(error)) throw error;
    terminal.stderr.write(`assay ${verb.name}: ${(error as Error).message}\n${usage}`);
    return exitCodes.badUsage;
  }
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).some((arg) => arg === '--help' || arg === '-h');
}

const isUsageError = (error: unknown): boolean => error instanceof Error && error.name === 'UsageError';

/** Settings that are missing or wrong are such an input, too; they have a code of their own. */
const isInputError = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'InputError' || ('code' in error && error.code === 'CONFIG_INVALID'));
