/** The type of an element, by which Postgres knows what it gets. */
const TEXT_OID = 25;
const NULL_LENGTH = '\u00FF\u00FF\u00FF\u00FF';

/**
 * A `text[]` in Postgres' own binary form, as the value of a parameter `$n::text[]`. Against one parameter of JSON this saves
 * Postgres a quarter of an insert: nothing is parsed, and no value is looked up by its name. Put together as one string of
 * bytes, because a call of the engine for each element costs more than Postgres saves.
 */
export function textArray(values: readonly (string | null)[]): Buffer {
  const [dimensions, mayHoldNull, lowerBound] = [1, 1, 1];
  let bytes = [dimensions, mayHoldNull, TEXT_OID, values.length, lowerBound].map(int32).join('');
  for (const value of values) {
    if (value === null) bytes += NULL_LENGTH;
    else {
      const element = bytesOf(value);
      bytes += int32(element.length) + element;
    }
  }
  return Buffer.from(bytes, 'latin1');
}

/** As a string in which each unit is a byte of UTF-8; of ASCII that is the string itself. */
const bytesOf = (value: string): string =>
  Buffer.byteLength(value) === value.length ? value : Buffer.from(value).toString('latin1');

const int32 = (value: number): string =>
  String.fromCharCode(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
