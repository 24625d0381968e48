import { builtInLabels, rank, type EntityType } from './entity.ts';
import { isLabel } from './placeholder.ts';
import { Dictionary } from './registry/dictionary.ts';
import { parseShape, type Shape } from './registry/shape.ts';
import { isWord } from './scan/char-class.ts';
import type { Findings } from './scan/findings.ts';
import type { Gap } from './scan/gap.ts';

/** A value of the user's own by its form, in the language of `parseShape`: `EMP-#{6}`. */
export interface ShapeEntry {
  /** Also the label of its placeholders: capitals, digits and underscores. */
  readonly type: string;
  readonly shape: string;
  /** A check digit, a range: called with the value as folded (ASCII digits, dashes, blanks). */
  readonly check?: (value: string) => boolean;
}

/** Values of the user's own by a list of terms, found as whole words in any case. */
export interface DictionaryEntry {
  readonly type: string;
  readonly terms: readonly string[];
}

export type RegistryEntry = ShapeEntry | DictionaryEntry;

/** The user's own kinds of values. Linear in the text whatever the entries are: there are no regular expressions. */
export interface Registry {
  readonly types: readonly EntityType[];
  /** Reports the values that begin in `from` … `to`. */
  readonly find: (gap: Gap, from: number, to: number, findings: Findings) => void;
}

interface RegisteredShape {
  readonly type: string;
  readonly shape: Shape;
  readonly check: (value: string) => boolean;
}

export function createRegistry(entries: readonly RegistryEntry[]): Registry {
  for (const { type } of entries) {
    if (!isLabel(type)) throw new Error(`the type ${type} is not made of capitals, digits and underscores`);
    if (isTaken(type)) throw new Error(`the type ${type} is built in`);
  }
  const shapes = entries
    .filter((entry) => 'shape' in entry)
    .map(({ type, shape, check }) => ({ type, shape: parseShape(shape), check: check ?? (() => true) }));
  const dictionary = new Dictionary(entries.filter((entry) => 'terms' in entry));
  return {
    types: [...new Set(entries.map(({ type }) => type))],
    find: (gap, from, to, findings) => {
      for (let at = from; at < to; at++) {
        for (const shape of shapes) findShape(gap, at, shape, findings);
        if (isWord(gap.at(at)) && !isWord(gap.at(at - 1))) findTerm(gap, at, dictionary, findings);
      }
    },
  };
}

const isTaken = (type: string): boolean =>
  type in builtInLabels || (Object.values(builtInLabels) as readonly string[]).includes(type);

function findShape(gap: Gap, at: number, { type, shape, check }: RegisteredShape, findings: Findings): void {
  const end = shape.end(gap, at);
  if (end === 0) return;
  if ((isWord(gap.at(at)) && isWord(gap.at(at - 1))) || (isWord(gap.at(end - 1)) && isWord(gap.at(end)))) {
    findings.block();
    return;
  }
  if (check(gap.slice(at, end))) findings.add(at, end, type, rank.REGISTERED);
}

function findTerm(gap: Gap, at: number, dictionary: Dictionary, findings: Findings): void {
  const hit = dictionary.longestAt(gap, at);
  if (hit !== undefined) findings.add(at, hit.end, hit.type, rank.REGISTERED);
}
