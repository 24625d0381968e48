import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMigrations, refuseOldServer } from './migrate.ts';

const frozen = join(import.meta.dirname, 'migrations', 'migrations.sha256');
const REFRESH = 'UPDATE_MIGRATION_HASHES=1 npx vitest run --project unit libs/shared/src/postgres/migrations';

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

describe('a server', () => {
  it.each([170_006, 160_010, 90_624])('of version %d is refused, with the one that is needed', (version) => {
    expect(() => refuseOldServer(version)).toThrow(/Postgres 18 or newer is needed; DATABASE_URL leads to \d+$/);
  });

  it.each([180_000, 180_001, 190_000])('of version %d is taken', (version) => {
    expect(() => refuseOldServer(version)).not.toThrow();
  });
});

describe('the migrations', () => {
  it('are the ones that were shipped: a database that has one would refuse another of its name', async () => {
    const now = (await readMigrations()).map(({ name, sha256 }) => `${sha256}  ${name}`);
    if (process.env['UPDATE_MIGRATION_HASHES'] === '1') await writeFile(frozen, `${now.join('\n')}\n`);
    const shipped = linesOf(await readFile(frozen, 'utf8'));
    expect(
      now,
      `a shipped migration never changes: add a new one instead. Only for one that no release has shipped yet: ${REFRESH}`,
    ).toEqual(shipped);
  });

  it('have rising numbers, and say in their name what they bring', async () => {
    const migrations = await readMigrations();
    expect(new Set(migrations.map(({ version }) => version)).size).toBe(migrations.length);
    for (const { name } of migrations) expect(name).toMatch(/^\d{4}-[a-z0-9-]+\.sql$/);
  });

  it('leave transactions to the migrator', async () => {
    for (const { sql } of await readMigrations()) expect(sql).not.toMatch(/^\s*(begin|commit|rollback)\s*;/im);
  });
});
