const NUL = '\u0000';

/** Neither Postgres text nor jsonb can hold NUL or half of a surrogate pair, and label files may carry both. */
export const storableText = (text: string): string => text.replaceAll(NUL, '').toWellFormed();

/** The same for everything inside a JSON value, names included. */
export function storableJson(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storableJson);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [storableText(name), storableJson(part)]));
  return value;
}
