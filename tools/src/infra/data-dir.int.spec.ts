import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandUnderTest, commandOf } from '../testing/command-under-test.ts';

let infra: CommandUnderTest;

beforeEach(() => {
  infra = new CommandUnderTest(...commandOf('infra'));
});

afterEach(() => infra.dispose());

const only = (part: string): string[] => [
  '--once',
  '--without',
  ['kafka', 'postgres', 'azurite', 'connect'].filter((each) => each !== part).join(','),
];

describe('a data directory', () => {
  it('is made for its owner alone, and so is each folder in it', async () => {
    const folder = join(infra.dataDir, 'new');
    expect(await infra.run(['--data-dir', folder, '--once', '--without', 'connect'])).toMatchObject({ code: 0 });
    // Root lends Postgres an account, which has to pass through.
    expect(statSync(folder).mode & 0o777).toBe(process.getuid?.() === 0 ? 0o711 : 0o700);
    const open = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && (statSync(join(folder, entry.name)).mode & 0o077) !== 0)
      .map(({ name }) => name);
    expect(open).toEqual([]);
  });
});

describe('a data directory in disorder', () => {
  it('is started over where the first start was cut off', async () => {
    for (const half of ['kafka.new', 'postgres.new']) {
      mkdirSync(join(infra.dataDir, half));
      writeFileSync(join(infra.dataDir, half, 'half'), '');
    }
    const { code, output } = await infra.run(['--once', '--without', 'connect,azurite']);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(readdirSync(infra.dataDir).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it('is no matter when postmaster.pid names a process that is no Postgres', async () => {
    expect(await infra.run(only('postgres'))).toMatchObject({ code: 0 });
    writeFileSync(join(infra.dataDir, 'postgres/postmaster.pid'), `${process.pid}\n${infra.dataDir}/postgres\n`);
    expect(await infra.run(only('postgres'))).toMatchObject({ code: 0 });
  });

  it.each([
    ['a folder of Kafka without its mark', 'kafka', 'tickets-0', '', /no meta\.properties[^]*delete the folder/],
    ['a folder of Postgres without its mark', 'postgres', 'base', '', /no PG_VERSION[^]*delete the folder/],
    ['another version of Postgres', 'postgres', 'PG_VERSION', '17\n', /PostgreSQL 17, but this is PostgreSQL 18/],
  ])('is refused for %s', async (_name, part, file, text, reason) => {
    mkdirSync(join(infra.dataDir, part));
    writeFileSync(join(infra.dataDir, part, file), text);
    const { code, output } = await infra.run(only(part));
    expect(code).toBe(1);
    expect(output).toMatch(reason);
    expect(readdirSync(join(infra.dataDir, part))).toEqual([file]);
  });

  it('is refused in seconds when Postgres has lost its files, with the end of its log and what to do', async () => {
    expect(await infra.run(only('postgres'))).toMatchObject({ code: 0 });
    rmSync(join(infra.dataDir, 'postgres/base'), { recursive: true });
    const { code, output } = await infra.run(only('postgres'));
    expect(code).toBe(1);
    expect(output).toMatch(/refuses to work[^]*is missing[^]*delete .*postgres to start empty/);
  });

  it('is refused when the index of Azurite is cut off', async () => {
    expect(await infra.run(only('azurite'))).toMatchObject({ code: 0 });
    writeFileSync(join(infra.dataDir, 'azurite/__azurite_db_blob__.json'), '{"filename');
    const { code, output } = await infra.run(only('azurite'));
    expect(code).toBe(1);
    expect(output).toMatch(/azurite ended[^]*JSON[^]*delete .*azurite to start empty/);
  });

  it('may have any name but one with a comma', async () => {
    const odd = join(infra.dataDir, "it's an  ünïcode");
    expect(await infra.run(['--data-dir', odd, '--once', '--without', 'connect'])).toMatchObject({ code: 0 });
    const { code, output } = await infra.run(['--data-dir', `${odd},2`]);
    expect(code).toBe(1);
    expect(output).toContain('has a comma');
  });

  it('is refused when it is a file', async () => {
    rmSync(infra.dataDir, { recursive: true });
    writeFileSync(infra.dataDir, '');
    const { code, output } = await infra.run(only('azurite'));
    expect(code).toBe(1);
    expect(output).toContain('is a file');
  });
});
