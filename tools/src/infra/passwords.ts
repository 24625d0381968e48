import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeJson } from './whole-file.ts';

/** The superuser's password in data directories of release 0.1, which anybody on the machine knew. */
export const FORMER_SUPERUSER_PASSWORD = 'postgres';

/** The password of each login to a data directory's Postgres, the same at every start. */
export type Passwords = (login: string) => string;

/** All of them follow from one secret, which is made once and lies in the data directory for its owner alone. */
export function keepPasswords(dataDir: string): Passwords {
  const file = join(dataDir, 'passwords.json');
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    writeJson(file, { secret: randomBytes(32).toString('hex') }, 0o600);
  }
  const { secret } = (readJson(file) ?? {}) as { secret?: unknown };
  if (typeof secret !== 'string' || secret.length < 32)
    throw new Error(`${file} is damaged. Bring it back, or delete the data directory to start anew.`);
  return (login) => createHmac('sha256', secret).update(login).digest('hex').slice(0, 32);
}
