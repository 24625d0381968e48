import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Guard, startGuard } from './guard-pipe.ts';
import { ensureJars, type JarOrder, type Jars, type JarSource } from './jars.ts';

/** Stands in for Maven: copies from one folder, or from another when it is to use an empty local repository. */
const fakeMaven = `#!/bin/sh
[ "$1" = -v ] && exit 0
from="$FAKE/usual"
for word in "$@"; do
  case $word in
    -DoutputDirectory=*) into=\${word#*=} ;;
    -Dmaven.repo.local=*) from="$FAKE/afresh" ;;
  esac
done
echo "$from" >> "$FAKE/calls"
[ -e "$from" ] || { echo "[INFO] trying"; echo "[ERROR] Could not transfer artifact"; exit 1; }
for jar in other-1.jar $(cd "$from" && ls); do
  echo "[INFO] Downloaded from mirror: https://mirror.invalid/maven2/g/$jar (1 kB at 1 kB/s)"
done
cp "$from"/* "$into"/
`;

let root: string;
let order: JarOrder;
let guard: Guard;
let lines: string[];

const content: Readonly<Record<string, string>> = { 'a-1.jar': 'alpha', 'b-2.jar': 'beta' };

function writeJars(folder: string, jars: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(jars)) writeFileSync(join(folder, name), text);
}

function writeList(jars: Readonly<Record<string, string>>): void {
  const sum = (text: string): string => createHash('sha256').update(text).digest('hex');
  writeFileSync(
    order.list,
    Object.entries(jars)
      .map(([name, text]) => `${sum(text)}  ${name}\n`)
      .join(''),
  );
}

function fetchJars(env: NodeJS.ProcessEnv = { PATH: `${root}/bin:/bin:/usr/bin`, FAKE: root }): Promise<Jars> {
  const source: JarSource = {
    cache: join(root, 'cache'),
    env,
    guard,
    abort: new AbortController().signal,
    log: (line) => lines.push(line),
  };
  return ensureJars(source, order);
}

const calls = (): string[] =>
  readFileSync(join(root, 'calls'), 'utf8')
    .trim()
    .split('\n')
    .map((call) => call.slice(root.length + 1));
const cached = (jars: Jars): string[] => jars.classPath.split(':');

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-jars-'));
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin/mvn'), fakeMaven);
  chmodSync(join(root, 'bin/mvn'), 0o755);
  order = { pom: join(root, 'pom.xml'), list: join(root, 'jars.sha256'), purpose: 'a spec' };
  writeFileSync(order.pom, '<project/>');
  writeList(content);
  writeJars(join(root, 'usual'), content);
  guard = startGuard((line) => lines.push(line));
  lines = [];
});

afterEach(async () => {
  await guard.close();
  rmSync(root, { recursive: true, force: true });
});

describe('ensureJars', () => {
  it('fetches once; a second time it is neither run nor waited for', async () => {
    const first = await fetchJars();
    expect(cached(first).map((file) => readFileSync(file, 'utf8'))).toEqual(['alpha', 'beta']);
    expect(await fetchJars()).toEqual(first);
    expect(calls()).toEqual(['usual']);
  });

  it('tells how far it is in jars of the list, and not where they come from', async () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`c-${index}.jar`, `gamma ${index}`]));
    writeJars(join(root, 'usual'), many);
    writeList({ ...content, ...many });
    await fetchJars();
    expect(lines.filter((line) => line.includes('downloaded'))).toEqual([
      '  25 of 52 jars downloaded',
      '  50 of 52 jars downloaded',
    ]);
    expect(lines.join()).not.toContain('mirror');
  });

  it('fetches again what was damaged in the cache', async () => {
    const [file = ''] = cached(await fetchJars());
    writeFileSync(file, 'other bytes');
    await fetchJars();
    expect(readFileSync(file, 'utf8')).toBe('alpha');
  });

  it('fetches again what was deleted from the cache', async () => {
    const [file = ''] = cached(await fetchJars());
    rmSync(file);
    await fetchJars();
    expect(readFileSync(file, 'utf8')).toBe('alpha');
  });

  it('goes round a damaged local repository of Maven, and leaves none of its own', async () => {
    writeJars(join(root, 'usual'), { 'b-2.jar': 'damaged' });
    writeJars(join(root, 'afresh'), content);
    const jars = await fetchJars();
    expect(cached(jars).map((file) => readFileSync(file, 'utf8'))).toEqual(['alpha', 'beta']);
    expect(calls()).toEqual(['usual', 'afresh']);
    expect(readdirSync(join(root, 'cache')).filter((name) => name.endsWith('.repository'))).toEqual([]);
  });

  it('refuses a jar that stays wrong, by its name and with what to do', async () => {
    writeJars(join(root, 'usual'), { 'b-2.jar': 'forged' });
    writeJars(join(root, 'afresh'), { ...content, 'b-2.jar': 'forged' });
    await expect(fetchJars()).rejects.toThrow(
      /b-2\.jar has sha256 [0-9a-f]{64}, expected [0-9a-f]{64}[^]*another mirror/,
    );
    // It is not taken for good by the next start either.
    await expect(fetchJars()).rejects.toThrow(/b-2\.jar/);
  });

  it('lets several processes that start together fetch once', async () => {
    await Promise.all([fetchJars(), fetchJars(), fetchJars()]);
    expect(calls()).toEqual(['usual']);
  });

  it('tells what Maven said when it fails, and that starting again goes on', async () => {
    rmSync(join(root, 'usual'), { recursive: true });
    await expect(fetchJars()).rejects.toThrow(/\[ERROR\] Could not transfer artifact[^]*start again/);
  });

  it('names the ways out when there is no Maven', async () => {
    await expect(fetchJars({ PATH: '/nowhere' })).rejects.toThrow(
      /mvn could not be run[^]*KAFKA_BROKERS[^]*docker compose/,
    );
  });
});
