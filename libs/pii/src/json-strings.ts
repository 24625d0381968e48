/** A string inside a JSON value, and the field it stands in, whose words tell the masker what a bare number is. */
export interface JsonString {
  readonly text: string;
  readonly name: string;
}

/** Numbers shorter than this cannot hold anything the masker knows. */
const SHORTEST_NUMBER = 7;
const isMaskable = (value: unknown): value is number =>
  typeof value === 'number' && String(value).length >= SHORTEST_NUMBER;

/**
 * Only a key that nothing can be masked in tells what its value is: `call 415 555 0132` says `call` nearer to the value once
 * its number is a placeholder, and masking twice would change something.
 */
const isPlain = (key: string): boolean => /^[\p{L} _.-]{1,60}$/u.test(key);

/** All strings of a JSON value, keys and long numbers among them, in the order in which `withStrings` takes them back. */
export function* stringsOf(value: unknown, name: string): Generator<JsonString> {
  if (typeof value === 'string') yield { text: value, name };
  else if (isMaskable(value)) yield { text: String(value), name };
  else if (Array.isArray(value)) for (const item of value) yield* stringsOf(item, name);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield { text: key, name: `keys of ${name}` };
      yield* stringsOf(item, isPlain(key) ? `${name}.${key}` : name);
    }
  }
}

/** The value with each string replaced by what `next` gives. A number that comes back as it was stays a number. */
export function withStrings(value: unknown, next: () => string): unknown {
  if (typeof value === 'string') return next();
  if (isMaskable(value)) {
    const text = next();
    return text === String(value) ? value : text;
  }
  if (Array.isArray(value)) return value.map((item) => withStrings(item, next));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.values(value).map((item) => [next(), withStrings(item, next)]));
}
