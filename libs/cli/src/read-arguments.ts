import { parseArgs, type ParseArgsConfig } from 'node:util';
import { commaItems } from './comma-list.ts';
import { nearest } from './nearest.ts';
import { type Arguments, type Options, UsageError, type Values, type Verb } from './verb.ts';

/** Options and words of a verb, or a UsageError that says what is wrong with them. */
export function readArguments<O extends Options>(
  args: readonly string[],
  verb: Pick<Verb<O>, 'options' | 'words'>,
): Arguments<O> {
  const { values, positionals } = parse(args, verb.options);
  checkWords(positionals, verb.words ?? { least: 0, most: 0, are: 'nothing' });
  return { values: valuesOf(values, verb.options), words: positionals };
}

function parse(args: readonly string[], options: Options) {
  const known = Object.entries(options).map(([name, option]) => {
    if (option.type === 'boolean') return [name, { type: 'boolean', default: false }] as const;
    if (option.type === 'words') return [name, { type: 'string', multiple: true }] as const;
    return [name, { type: 'string', ...('default' in option && { default: option.default }) }] as const;
  });
  const config: ParseArgsConfig = { args: joined(args, options), options: Object.fromEntries(known) };
  try {
    return parseArgs({ ...config, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(whatIsWrong(error, Object.keys(options)), { cause: error });
  }
}

/** Two habits of people that node:util does not know: several words for an option (`--manifests a b`), and a negative
 * number as a value (`--min-kappa -0.5`), which it takes for another option. */
function joined(args: readonly string[], options: Options): string[] {
  const result: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at]!;
    if (arg === '--') return [...result, ...args.slice(at)];
    const type = arg.startsWith('--') ? options[arg.slice(2)]?.type : undefined;
    let words: readonly string[] = [];
    if (type === 'words') words = args.slice(at + 1, endOfWords(args, at + 1));
    else if ((type === 'string' || type === 'list') && /^-[.\d]/.test(args[at + 1] ?? '')) words = [args[at + 1]!];
    result.push(...(words.length === 0 ? [arg] : words.map((word) => `${arg}=${word}`)));
    at += words.length;
  }
  return result;
}

function endOfWords(args: readonly string[], start: number): number {
  const next = args.findIndex((arg, at) => at >= start && arg.startsWith('-') && arg !== '-');
  return next === -1 ? args.length : next;
}

function whatIsWrong(error: TypeError, names: readonly string[]): string {
  const unknown = /^Unknown option '(-[^']*)'/.exec(error.message)?.[1];
  if (unknown === undefined) return error.message;
  const meant = nearest(unknown.replace(/^-+/, ''), names);
  return `Unknown option '${unknown}'${meant === undefined ? '' : `: did you mean --${meant}?`}`;
}

function checkWords(words: readonly string[], { least, most, are }: NonNullable<Verb['words']>): void {
  if (words.length < least) throw new UsageError(`too few words: name ${are}`);
  if (words.length > most) throw new UsageError(`too many words: there is no place for "${words[most]}"`);
}

function valuesOf<O extends Options>(parsed: Readonly<Record<string, unknown>>, options: O): Values<O> {
  const entries = Object.entries(options).map(([name, { type }]) => {
    const value = parsed[name];
    return [name, type === 'list' && typeof value === 'string' ? listOf(name, value) : value];
  });
  return Object.fromEntries(entries) as Values<O>;
}

/** On a command line a blank between two commas is a slip of the hand, and better said than passed over. */
function listOf(name: string, text: string): readonly string[] {
  const items = commaItems(text);
  if (items.includes('')) throw new UsageError(`--${name} is a list with commas between, such as a,b: it has a blank`);
  return items;
}
