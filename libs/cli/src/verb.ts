import type { Readable, Writable } from 'node:stream';

export interface Terminal {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

export type Option =
  | { readonly type: 'boolean' }
  | { readonly type: 'string'; readonly default?: string }
  /** Several in one word, with commas between: `--fields topic,urgency`. */
  | { readonly type: 'list' }
  /** All words up to the next option: `--manifests a.csv b.csv`. */
  | { readonly type: 'words' };

export type Options = Readonly<Record<string, Option>>;

type ValueOf<O extends Option> = O extends { type: 'boolean' }
  ? boolean
  : O extends { type: 'string'; default: string }
    ? string
    : O extends { type: 'string' }
      ? string | undefined
      : readonly string[] | undefined;

export type Values<O extends Options> = { readonly [Name in keyof O]: ValueOf<O[Name]> };

export interface Arguments<O extends Options> {
  readonly values: Values<O>;
  readonly words: readonly string[];
}

/** A verb of the command line: what it takes, as data, and what it does with it. `run` answers the exit code.
 *
 * An object of this shape is enough, so that a library can have a verb and depend on nothing. */
export interface Verb<O extends Options = Options> {
  readonly name: string;
  /** One line for `assay help`. */
  readonly summary: string;
  /** All of `--help`. */
  readonly usage: string;
  readonly options: O;
  /** Words besides the options. None where it says nothing. */
  readonly words?: { readonly least: number; readonly most: number; readonly are: string };
  run(given: Arguments<O>, terminal: Terminal): Promise<number>;
}

/** So that TypeScript knows the values from the options. */
export const defineVerb = <const O extends Options>(verb: Verb<O>): Verb<O> => verb;

export const exitCodes = {
  done: 0,
  /** It could not be done, or what was looked at is wrong. */
  failed: 1,
  /** The command line asks for what there is not. */
  badUsage: 2,
} as const;

/** The command line is wrong. It ends with the usage and exit code 2.
 *
 * It is known by its name and not by its class: a verb of a library that depends on nothing throws its own. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** The command line is right, but something it names is not there. The message says what to do; exit code 2. */
export class InputError extends Error {
  override name = 'InputError';
}
