// What a Postgres text or jsonb can hold: any text but NUL and half of a surrogate pair. JSON, and so every message and
// file that comes to us, may carry both. One service refuses such a text, another takes out what cannot be kept; what
// cannot be kept is one question, and is answered here.

const NUL = '\0';

export type PostgresTextFault = 'NUL' | 'a lone surrogate';

/** What of the text Postgres cannot hold; null when it can hold all of it. */
export function postgresTextFault(text: string): PostgresTextFault | null {
  if (text.includes(NUL)) return 'NUL';
  return text.isWellFormed() ? null : 'a lone surrogate';
}

/** The text without NUL, and U+FFFD for each half of a surrogate pair. */
export const toPostgresText = (text: string): string => text.replaceAll(NUL, '').toWellFormed();

/** The same for everything inside a JSON value, names included. */
export function toPostgresJson(value: unknown): unknown {
  if (typeof value === 'string') return toPostgresText(value);
  if (Array.isArray(value)) return value.map(toPostgresJson);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [toPostgresText(name), toPostgresJson(part)]),
    );
  return value;
}
