import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeJson } from '../infra/whole-file.ts';

/** Keys of this data directory, made once: with another identity key the database would refuse ingest. */
export interface LocalKeys {
  readonly identityKey: string;
  readonly bronzeKey: string;
  readonly pseudonymKey: string;
}

const localKey = () => `local:${randomBytes(32).toString('hex')}`;

/** `local-` marks the identity key as made here: a service refuses it with an external database. */
export function keepLocalKeys(dataDir: string): LocalKeys {
  const file = join(dataDir, 'keys.json');
  if (existsSync(file)) {
    const kept = (readJson(file) ?? {}) as Partial<LocalKeys>;
    const { identityKey, bronzeKey } = kept;
    if (typeof identityKey !== 'string' || typeof bronzeKey !== 'string')
      throw new Error(`${file} is damaged. Bring it back, or delete the data directory to start anew.`);
    // A directory of release 0.1 has no key for pseudonyms yet.
    const keys = { identityKey, bronzeKey, pseudonymKey: kept.pseudonymKey ?? localKey() };
    if (kept.pseudonymKey === undefined) writeJson(file, keys, 0o600);
    return keys;
  }
  const keys = {
    identityKey: `local-${randomBytes(32).toString('hex')}`,
    bronzeKey: localKey(),
    pseudonymKey: localKey(),
  };
  mkdirSync(dataDir, { recursive: true });
  writeJson(file, keys, 0o600);
  return keys;
}
