import { createHmac } from 'node:crypto';
import { builtInLabels, type EntityType } from './entity.ts';
import { DIGEST_LENGTH, isKeyId, keyed, numbered, redacted } from './placeholder.ts';

export interface PseudonymKey {
  /** Stands in every pseudonym, so that keys can rotate and old pseudonyms still tell which key made them. */
  readonly keyId: string;
  readonly key: Uint8Array;
}

/**
 * `replace`: `<EMAIL_1>`, equal values in one ticket share the number. `redact`: `<EMAIL>`. `pseudonym`:
 * `<EMAIL:k1:…>`, equal across tickets as long as the key is the same, and not to be reversed without it.
 */
export type Operator = 'replace' | 'redact' | { readonly pseudonym: PseudonymKey };

/** Gives the placeholder of one value of the ticket it was made for. */
export type Replacer = (type: EntityType, key: string) => string;

/** Makes a replacer for each ticket; `standing` tells the highest number of each label that already stands there. */
export type ReplacerFactory = (standing: ReadonlyMap<string, number>) => Replacer;

export type LabelOf = (type: EntityType) => string;

/** A type without a label of its own is its own label. */
export const labelOf: LabelOf = (type) => (builtInLabels as Readonly<Record<string, string>>)[type] ?? type;

export function createReplacers(operator: Operator): ReplacerFactory {
  if (operator === 'redact') return () => (type) => redacted(labelOf(type));
  if (operator === 'replace') return numberValues;
  const { keyId, key } = operator.pseudonym;
  if (!isKeyId(keyId)) throw new Error('a key id is 1 to 32 letters, digits, dots or dashes');
  if (key.length < 16) throw new Error('a pseudonym key has at least 16 bytes');
  return () => (type, value) => keyed(labelOf(type), keyId, digestOf(key, type, value));
}

function numberValues(standing: ReadonlyMap<string, number>): Replacer {
  const last = standing.size === 0 ? new Map<string, number>() : new Map(standing);
  const given = new Map<string, string>();
  return (type, key) => {
    const label = labelOf(type);
    const identity = `${label} ${key}`;
    const known = given.get(identity);
    if (known !== undefined) return known;
    const number = (last.get(label) ?? 0) + 1;
    last.set(label, number);
    const placeholder = numbered(label, number);
    given.set(identity, placeholder);
    return placeholder;
  };
}

/** Ten bytes written with the letters a to p: no digit, so that no pseudonym can look like a number. */
function digestOf(key: Uint8Array, type: EntityType, value: string): string {
  const digest = createHmac('sha256', key).update(`${type}\0${value}`).digest();
  let letters = '';
  for (const byte of digest.subarray(0, DIGEST_LENGTH / 2))
    letters += String.fromCharCode(97 + (byte >> 4), 97 + (byte & 15));
  return letters;
}
