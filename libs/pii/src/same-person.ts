import type { Found, Scan } from './scan/scanner.ts';

/** The words of a person's name, however it is titled. */
interface Name {
  readonly key: string;
  readonly words: ReadonlySet<string>;
}

/** A word of more names than this tells nobody; without a bound, names would be compared each with each. */
const MOST_NAMESAKES = 100;

/**
 * Gives the mentions of one person one key: "Smith", "Mr Smith" and "John" are the "John Smith" of the ticket, as long as
 * it names no other person they could be.
 */
export function joinPeople(scans: readonly Scan[]): readonly Scan[] {
  const keys = new Set<string>();
  for (const { found } of scans) for (const { type, key } of found) if (type === 'PERSON') keys.add(key);
  if (keys.size < 2) return scans;
  const names = [...keys].map((key): Name => ({ key, words: new Set(key.split(' ')) }));
  const namesakes = byWord(names);
  const whole = new Map<string, string>();
  for (const name of names) {
    const widest = widestOf(largerThan(name, namesakes));
    if (widest !== undefined) whole.set(name.key, widest.key);
  }
  if (whole.size === 0) return scans;
  const join = (each: Found): Found => {
    const key = each.type === 'PERSON' ? whole.get(each.key) : undefined;
    return key === undefined ? each : { ...each, key };
  };
  return scans.map((scan) => ({ ...scan, found: scan.found.map(join) }));
}

function byWord(names: readonly Name[]): ReadonlyMap<string, Name[]> {
  const namesakes = new Map<string, Name[]>();
  for (const name of names) {
    for (const word of name.words) {
      const known = namesakes.get(word);
      if (known === undefined) namesakes.set(word, [name]);
      else known.push(name);
    }
  }
  return namesakes;
}

/** The names with all words of this one and more, looked for among those of its rarest word. */
function largerThan({ words }: Name, namesakes: ReadonlyMap<string, readonly Name[]>): readonly Name[] {
  let few: readonly Name[] | undefined;
  for (const word of words) {
    const all = namesakes.get(word) as readonly Name[];
    if (few === undefined || all.length < few.length) few = all;
  }
  if (few === undefined || few.length > MOST_NAMESAKES) return [];
  return few.filter((name) => name.words.size > words.size && isWithin(words, name.words));
}

/** The one that holds all others. */
function widestOf(names: readonly Name[]): Name | undefined {
  let widest: Name | undefined;
  for (const name of names) if (widest === undefined || name.words.size > widest.words.size) widest = name;
  if (widest === undefined) return undefined;
  const { words } = widest;
  const isOnly = names.every(
    (name) => name === widest || (name.words.size < words.size && isWithin(name.words, words)),
  );
  return isOnly ? widest : undefined;
}

function isWithin(words: ReadonlySet<string>, larger: ReadonlySet<string>): boolean {
  for (const word of words) if (!larger.has(word)) return false;
  return true;
}
