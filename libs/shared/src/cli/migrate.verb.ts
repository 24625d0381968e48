import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defineVerb, exitCodes, InputError } from '@assay/cli/verb';
import { roles } from '../contracts/roles.ts';
import { type Login, makeLogins } from '../postgres/logins.ts';
import { migrate, readMigrations } from '../postgres/migrate.ts';
import { CONNECTION_USAGE, connectionOptions, readEndpoints, required } from './config.ts';

/** A service logs in for one of these; the owner is whoever migrates. */
const rolesWithLogins: readonly string[] = Object.values(roles).filter((role) => role !== roles.owner);

export const verb = defineVerb({
  name: 'migrate',
  summary: 'bring the database to this release, and make the logins of the services',
  usage: `usage: assay migrate [--logins DIR] [options]

DATABASE_URL is an address that may make tables and, at the first time and with --logins, roles. Services need none of that:
each has a login that is in its role alone, waits until the database is of its release, and goes on.

  --logins DIR     make or change these logins: DIR holds ROLE.url for each, the address that one uses
                   (${rolesWithLogins.join(', ')});
                   its user and password become the login, ${roles.cdc}'s may replicate as well
${CONNECTION_USAGE}`,
  options: { ...connectionOptions, logins: { type: 'string' } },

  async run({ values }, { stdout }) {
    const dataDir = values['data-dir'];
    const databaseUrl = required(await readEndpoints(dataDir), 'databaseUrl', 'DATABASE_URL', dataDir);
    const logins = values.logins === undefined ? [] : await readLogins(values.logins);
    const applied = await migrate(databaseUrl, await readMigrations());
    if (logins.length > 0) await makeLogins(databaseUrl, logins);
    const made = logins.map(({ name, role }) => ({ login: name, role }));
    if (values.json) stdout.write(`${JSON.stringify({ applied, logins: made })}\n`);
    else {
      stdout.write(`${applied.length === 0 ? 'The database is of this release.' : `Applied ${applied.join(', ')}.`}\n`);
      for (const { login, role } of made) stdout.write(`${login} logs in as ${role}.\n`);
    }
    return exitCodes.done;
  },
});

const FILE = /^([a-z_]+)\.url$/;

async function readLogins(folder: string): Promise<readonly Login[]> {
  const names = await readdir(folder).catch((error: Error) => {
    throw new InputError(`--logins: ${error.message}`);
  });
  return Promise.all(
    names.toSorted().map(async (name) => {
      const role = FILE.exec(name)?.[1] ?? '';
      if (!rolesWithLogins.includes(role))
        throw new InputError(`--logins: ${join(folder, name)} is not named ROLE.url, of ${rolesWithLogins.join(', ')}`);
      return loginAt((await readFile(join(folder, name), 'utf8')).trim(), role, name);
    }),
  );
}

/** The login that an address needs. Errors never quote it: it holds a password. */
function loginAt(address: string, role: string, file: string): Login {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || url.username === '' || url.password === '')
    throw new InputError(`--logins: ${file} holds no address with a user and a password`);
  const [name, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  if (rolesWithLogins.includes(name))
    throw new InputError(`--logins: the user in ${file} must not go by the name of a role; call it ${role}_login`);
  return { name, password, role, mayReplicate: role === roles.cdc };
}
