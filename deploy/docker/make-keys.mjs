// Makes the keys of a compose project once, into a volume beside its database: a folder for each container, which sees no other.
// They are not in any image or file of the project. A key that is there stays: another identity key would make other documents
// of the same tickets.
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env, getuid } from 'node:process';

const root = env.KEYS_FOLDER || '/keys';
const NODE_USER = 1000;
/** These run as users of their images, and nobody else is given their folder. */
const READABLE_BY_ALL = ['postgres', 'connect'];

const hex = () => randomBytes(32).toString('hex');
const withId = () => `compose:${hex()}`;
const addressOf = (user, password) => `postgres://${user}:${password}@postgres:5432/assay`;
const pathOf = (folder, name) => join(root, folder, name);

/** What is there, or else what `make` makes. */
function keep(folder, name, make) {
  const file = pathOf(folder, name);
  if (existsSync(file)) return readFileSync(file, 'utf8');
  mkdirSync(join(root, folder), { recursive: true });
  const key = make();
  writeFileSync(file, key, { mode: 0o400 });
  if (READABLE_BY_ALL.includes(folder)) chmodSync(file, 0o444);
  else if (getuid() === 0) chownSync(file, NODE_USER, NODE_USER);
  console.log(`made ${folder}/${name}`);
  return key;
}

/** Release 0.1 kept all keys in one folder, which every service saw. */
function moveFormer(name, folder) {
  if (!existsSync(join(root, name))) return;
  mkdirSync(join(root, folder), { recursive: true });
  renameSync(join(root, name), pathOf(folder, name));
  console.log(`moved ${name} to ${folder}/${name}`);
}

const isOfRelease01 = existsSync(join(root, 'identity.key'));
moveFormer('identity.key', 'ingest');
moveFormer('bronze.key', 'ingest');
moveFormer('pseudonym.key', 'annotation-bridge');
rmSync(join(root, 'api.key'), { force: true }); // it opened everything; there is one for each kind of route now

keep('ingest', 'identity.key', hex);
keep('ingest', 'bronze.key', withId);
keep('annotation-bridge', 'pseudonym.key', withId);

// Of HTTP: who reads, who sends tickets, who operates.
const http = { read: ['output', 'console'], write: ['ingest'], operate: ['annotation-bridge', 'quality-validator'] };
for (const [kind, services] of Object.entries(http)) {
  const key = keep('operator', `${kind}.key`, hex);
  for (const service of services) keep(service, `${kind}.key`, () => key);
}

// Of Postgres: a login for each service, made by `migrate`, which alone logs in as the superuser.
const logins = {
  ingest: 'assay_ingest',
  'annotation-bridge': 'assay_bridge',
  'quality-validator': 'assay_validator',
  output: 'assay_output',
  console: 'assay_console',
  operator: 'assay_operator',
};
for (const [folder, role] of Object.entries(logins)) {
  const url = keep(folder, 'database.url', () => addressOf(`${role}_login`, hex()));
  keep('migrate/logins', `${role}.url`, () => url);
}
const debezium = keep('connect', 'cdc.password', hex);
const cdcUrl = addressOf('assay_cdc_login', debezium);
keep('annotation-bridge', 'cdc.url', () => cdcUrl);
keep('operator', 'cdc.url', () => cdcUrl);
keep('migrate/logins', 'assay_cdc.url', () => cdcUrl);

// The image sets the superuser's password when it makes its volume, and never again.
const superuser = keep('postgres', 'superuser.password', () =>
  env.POSTGRES_PASSWORD ? env.POSTGRES_PASSWORD : isOfRelease01 ? 'assay' : hex(),
);
keep('migrate', 'database.url', () => addressOf('assay', superuser));
if (superuser === 'assay')
  console.log('The superuser of Postgres has the password of release 0.1: change it (deploy/docker/README.md, Keys).');
