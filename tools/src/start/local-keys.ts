import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Keys of this data directory, made once: with another identity key the database would refuse ingest. */
export interface LocalKeys {
  readonly identityKey: string;
  readonly bronzeKey: string;
}

function isKeys(value: unknown): value is LocalKeys {
  if (typeof value !== 'object' || value === null) return false;
  const { identityKey, bronzeKey } = value as Partial<Record<keyof LocalKeys, unknown>>;
  return typeof identityKey === 'string' && typeof bronzeKey === 'string';
}

function readKeys(file: string): LocalKeys {
  const damaged = `${file} is damaged. Bring it back, or delete the data directory to start anew.`;
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isKeys(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Error(damaged, { cause: error });
  }
  throw new Error(damaged);
}

/** `local-` marks the identity key as made here: a service refuses it with an external database. */
export function keepLocalKeys(dataDir: string): LocalKeys {
  const file = join(dataDir, 'keys.json');
  if (existsSync(file)) return readKeys(file);
  const keys = {
    identityKey: `local-${randomBytes(32).toString('hex')}`,
    bronzeKey: `local:${randomBytes(32).toString('hex')}`,
  };
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return keys;
}
