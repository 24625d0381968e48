import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { speak } from '@assay/cli/testing/speak';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { verb as account } from './account.verb.ts';
import { readEndpoints, required } from './config.ts';
import { verb as dlq } from './dlq.verb.ts';
import { verb as journey } from './journey.verb.ts';
import { verb as lives } from './lives.verb.ts';
import { verb as offsets } from './offsets.verb.ts';
import { verb as partitions } from './partitions.verb.ts';
import { verb as reconcile } from './reconcile.verb.ts';

const verbs = { account, dlq, journey, lives, offsets, partitions, reconcile };
const lane = 'assay.ingest.tickets';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-cli-'));
  for (const name of ['DATABASE_URL', 'KAFKA_BROKERS', 'BLOB_CONNECTION_STRING']) vi.stubEnv(name, '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('bad usage', () => {
  it.each<[keyof typeof verbs, string[], string]>([
    ['account', ['--nope'], `Unknown option '--nope'`],
    ['account', ['--data-dir'], 'argument missing'],
    ['account', ['yesterday'], 'too many words'],
    ['dlq', [], 'too few words'],
    ['dlq', ['delete'], 'the action is list, show, export or replay, not "delete"'],
    ['dlq', ['list', '--service', 'nobody'], '--service is one of'],
    ['dlq', ['list', '--where', 'nonsense'], '"nonsense" is no condition: write NAME=VALUE'],
    ['dlq', ['show', '--limit', '0'], '--limit must be a number from 1 on'],
    ['dlq', ['show', '--map', 'a=1'], '--map goes with replay'],
    ['dlq', ['replay', '--map', 'nonsense'], '"nonsense" is no change: write PATH=VALUE'],
    ['dlq', ['replay', '--max-attempts', 'many'], '--max-attempts must be a number'],
    ['dlq', ['export'], 'export needs --out FILE'],
    ['journey', [], 'too few words'],
    ['journey', ['one', 'two'], 'too many words'],
    ['lives', [], 'too few words'],
    ['lives', ['end'], 'the action is show or begin, not "end"'],
    ['lives', ['begin'], 'begin needs --reason TEXT'],
    ['lives', ['begin', '--reason', ' '], 'begin needs --reason TEXT'],
    ['offsets', [], 'too few words'],
    ['offsets', ['list'], 'the action is show or set, not "list"'],
    ['offsets', ['show', lane, '0', '7'], 'show takes one LANE'],
    ['offsets', ['set', lane], 'too few words: set takes LANE PARTITION OFFSET'],
    ['offsets', ['set', lane, '0'], 'too few words'],
    ['offsets', ['set', lane, '0', '7', '8'], 'too many words'],
    ['offsets', ['set', lane, 'zero', '7'], 'PARTITION must be a number'],
    ['offsets', ['set', lane, String(2 ** 31), '7'], 'PARTITION must be a number'],
    ['offsets', ['set', lane, '0', '-7'], ''],
    ['offsets', ['set', lane, '0', '9223372036854775808'], 'OFFSET must be a number'],
    ['partitions', ['8'], 'too many words'],
    ['partitions', ['--raise', 'more'], '--raise must be a number from 1 to 1000, not more'],
    ['partitions', ['--raise', '1001'], '--raise must be a number'],
    ['reconcile', ['--older-than-s', 'soon'], '--older-than-s must be a number'],
    ['reconcile', ['--older-than-s=-1'], '--older-than-s must be a number'],
    ['reconcile', ['everything'], 'too many words'],
  ])('of %s %j is answered with 2, what is wrong and the usage', async (name, args, told) => {
    const { code, stdout, stderr } = await speak(verbs[name], ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`assay ${name}: `);
    expect(stderr).toContain(told);
    expect(stderr).toContain(verbs[name].usage);
  });

  it.each([
    ['account', [], 'DATABASE_URL'],
    ['dlq', ['show'], 'KAFKA_BROKERS'],
    ['dlq', ['replay'], 'DATABASE_URL'],
    ['journey', ['d'], 'DATABASE_URL'],
    ['lives', ['show'], 'DATABASE_URL'],
    ['offsets', ['show'], 'DATABASE_URL'],
    ['partitions', [], 'KAFKA_BROKERS'],
    ['reconcile', [], 'BLOB_CONNECTION_STRING'],
  ] as const)('of %s without an address says how to give it', async (name, args, variable) => {
    const { code, stderr } = await speak(verbs[name], ...args, '--data-dir', folder);
    expect(code).toBe(2);
    expect(stderr).toBe(
      `assay ${name}: set ${variable}, or start a local run (npm start) whose addresses are in ${folder}/endpoints.json\n`,
    );
  });
});

describe('addresses', () => {
  const local = { databaseUrl: 'postgres://local/db', kafkaBrokers: 'local:9092' };

  it('are those a local run wrote down', async () => {
    await writeFile(join(folder, 'endpoints.json'), JSON.stringify(local));
    expect(await readEndpoints(folder, {})).toEqual(local);
  });

  it('are those of the environment before that', async () => {
    await writeFile(join(folder, 'endpoints.json'), JSON.stringify(local));
    const environment = { DATABASE_URL: 'postgres://env/db', KAFKA_BROKERS: '' };
    expect(await readEndpoints(folder, environment)).toEqual({ ...local, databaseUrl: 'postgres://env/db' });
  });

  it('are none where nobody gave any', async () => {
    expect(await readEndpoints(folder, {})).toEqual({});
    expect(() => required({}, 'databaseUrl', 'DATABASE_URL', folder)).toThrow('set DATABASE_URL');
  });

  it('are not guessed from a broken file', async () => {
    await writeFile(join(folder, 'endpoints.json'), '{');
    await expect(readEndpoints(folder, {})).rejects.toThrow(SyntaxError);
  });
});
