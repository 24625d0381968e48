import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from './build-services.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const makeKeys = (environment: Readonly<Record<string, string>> = {}): string =>
  execFileSync(process.execPath, [join(root, 'deploy/docker/make-keys.mjs')], {
    env: { ...environment, KEYS_FOLDER: folder },
    encoding: 'utf8',
  });
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

/** Path and content of every key. */
function allKeys(): readonly { readonly path: string; readonly key: string }[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((path) => statSync(join(folder, path)).isFile()).map((path) => ({ path, key: read(path) }));
}

const holdersOf = (path: string): readonly string[] => {
  const secret = read(path).split(':').at(-1)!;
  const holders = allKeys().filter(({ key }) => key.includes(secret));
  return [...new Set(holders.map((holder) => holder.path.split('/')[0]!))].toSorted();
};

/** The part of docker-compose.yml that is about one container. */
function blockOf(name: string): string {
  const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
  const block = new RegExp(`^  ${name}:\\n(?:(?: {4}.*)?\\n)+`, 'm').exec(text);
  return block![0];
}

describe('the keys of a compose project', () => {
  it('are each known to those who need them and to nobody else', () => {
    makeKeys();
    expect(holdersOf('ingest/identity.key')).toEqual(['ingest']);
    expect(holdersOf('ingest/bronze.key')).toEqual(['ingest']);
    expect(holdersOf('annotation-bridge/pseudonym.key')).toEqual(['annotation-bridge']);
    expect(holdersOf('operator/read.key')).toEqual(['console', 'operator', 'output']);
    expect(holdersOf('operator/write.key')).toEqual(['ingest', 'operator']);
    expect(holdersOf('operator/operate.key')).toEqual(['annotation-bridge', 'operator', 'quality-validator']);
    expect(holdersOf('connect/cdc.password')).toEqual(['annotation-bridge', 'connect', 'migrate', 'operator']);
    expect(holdersOf('postgres/superuser.password')).toEqual(['migrate', 'postgres']);
    for (const { path, key } of allKeys().filter((each) => each.path.endsWith('/database.url'))) {
      const secret = new URL(key).password;
      const holders = allKeys().filter((each) => each.key.includes(secret) && !/^(migrate|postgres)\//.test(each.path));
      expect(holders.map((each) => each.path)).toEqual(path.startsWith('migrate') ? [] : [path]);
    }
  });

  it('are seen by a container as one folder, its own', () => {
    const own = {
      connect: 'connect',
      postgres: 'postgres',
      migrate: 'migrate',
      operator: 'operator',
      demo: 'operator',
    };
    const services = ['ingest', 'annotation-bridge', 'quality-validator', 'output', 'console'];
    for (const [name, subpath] of [...Object.entries(own), ...services.map((each) => [each, each] as const)]) {
      const block = blockOf(name);
      expect({ name, mounts: block.match(/source: keys\b/g)?.length }).toEqual({ name, mounts: 1 });
      expect(block).toContain(`target: /keys, read_only: true, volume: { subpath: ${subpath} }`);
      expect(block).not.toMatch(/'keys:/);
    }
    for (const name of ['kafka', 'azurite', 'prometheus']) expect(blockOf(name)).not.toContain('keys');
  });

  it('are made once', () => {
    makeKeys();
    const before = allKeys();
    expect(makeKeys()).toBe('');
    expect(allKeys()).toEqual(before);
  });

  it('of release 0.1 are kept, each where its service alone sees it, and the key that opened everything is gone', () => {
    mkdirSync(folder, { recursive: true });
    for (const name of ['identity', 'bronze', 'api']) writeFileSync(join(folder, `${name}.key`), `former ${name}`);
    const said = makeKeys();
    expect([read('ingest/identity.key'), read('ingest/bronze.key')]).toEqual(['former identity', 'former bronze']);
    expect(existsSync(join(folder, 'api.key'))).toBe(false);
    expect(new URL(read('migrate/database.url')).password).toBe('assay');
    expect(said).toContain('has the password of release 0.1: change it');
  });

  it('take the superuser’s password that somebody chose', () => {
    makeKeys({ POSTGRES_PASSWORD: 'chosen' });
    expect(read('postgres/superuser.password')).toBe('chosen');
    expect(new URL(read('migrate/database.url')).password).toBe('chosen');
  });
});
