// Makes the keys of a compose project once, into a volume beside its database. They are not in any image or file of the
// project. A key that is there stays: another identity key would make other documents of the same tickets.
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = '/keys';
const NODE_USER = 1000;
const hex = () => randomBytes(32).toString('hex');
const keys = {
  'identity.key': hex,
  'bronze.key': () => `compose:${hex()}`,
  'pseudonym.key': () => `compose:${hex()}`,
  'api.key': hex,
};

mkdirSync(folder, { recursive: true });
for (const [name, make] of Object.entries(keys)) {
  const file = join(folder, name);
  if (existsSync(file)) continue;
  writeFileSync(file, make(), { mode: 0o400 });
  chownSync(file, NODE_USER, NODE_USER);
  console.log(`made ${name}`);
}
