import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { speak } from '@assay/cli/testing/speak';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { roles } from '../contracts/roles.ts';
import { readMigrations } from '../postgres/migrate.ts';
import { withShortConnection } from '../postgres/short-connection.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { verb as account } from './account.verb.ts';
import { verb as migrate } from './migrate.verb.ts';

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await createTestDatabase({ migrated: false });
  folder = await mkdtemp(join(tmpdir(), 'assay-logins-'));
  vi.stubEnv('DATABASE_URL', database.url);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
  await database.drop();
});

function addressAs(user: string, password: string): string {
  const url = new URL(database.url);
  Object.assign(url, { username: user, password });
  return url.href;
}

describe('assay migrate', () => {
  it('migrates, makes the logins it is given, and does both again without harm', async () => {
    const user = `spec_${randomBytes(6).toString('hex')}`;
    const url = addressAs(user, 'of-its-own');
    await writeFile(join(folder, `${roles.reader}.url`), `${url}\n`);
    const first = await speak(migrate, '--logins', folder);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining(`${user} logs in as ${roles.reader}.`) });
    const { stdout } = await speak(migrate, '--logins', folder, '--json');
    expect(JSON.parse(stdout)).toEqual({ applied: [], logins: [{ login: user, role: roles.reader }] });

    const count = { name: 'count-migrations', text: 'select count(*)::integer as count from lineage.migrations' };
    const rows = await withShortConnection(url, 'spec', (postgres) => postgres.query(count, []));
    expect(rows).toEqual([{ count: (await readMigrations()).length }]);
    await database.admin.query(`drop role ${user}`);
  });

  it.each([
    ['nobody.url', 'postgres://u:p@host/db', 'is not named ROLE.url'],
    [`${roles.ingest}.url`, 'postgres://u@host/db', 'holds no address with a user and a password'],
    [`${roles.ingest}.url`, 'hunter2', 'holds no address'],
    [`${roles.ingest}.url`, `postgres://${roles.ingest}:hunter2@host/db`, 'must not go by the name of a role'],
  ])('refuses %s that holds %s, and quotes no password', async (name, content, reason) => {
    await writeFile(join(folder, name), content);
    const { code, stderr } = await speak(migrate, '--logins', folder);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(reason) });
    expect(stderr).not.toContain('hunter2');
  });
});

it('a verb whose login may not act as it needs to says whose login may', async () => {
  await speak(migrate);
  vi.stubEnv('DATABASE_URL', database.urlOf(roles.output));
  const { code, stderr } = await speak(account);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/may not act as assay_reader.*assay_operator/),
  });
  vi.stubEnv('DATABASE_URL', database.urlOf(roles.operator));
  expect((await speak(account)).code).toBe(0);
});
