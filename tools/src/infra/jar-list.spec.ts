import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classPathOf, parseJarList } from './jar-list.ts';

const hash = (digit: string): string => digit.repeat(64);
const read = (name: string): string => readFileSync(new URL(`../../jars/${name}`, import.meta.url), 'utf8');

describe('parseJarList', () => {
  it('reads what sha256sum writes', () => {
    expect([...parseJarList(`${hash('a')}  b-1.jar\n${hash('0')} *a-2.jar\n`)]).toEqual([
      ['b-1.jar', hash('a')],
      ['a-2.jar', hash('0')],
    ]);
  });

  it.each([
    ['a short hash', 'abc  a.jar'],
    ['a path that leaves the folder', `${hash('a')}  ../a.jar`],
    ['another kind of file', `${hash('a')}  a.zip`],
  ])('refuses %s', (_name, line) => {
    expect(() => parseJarList(`${line}\n`)).toThrow(/unreadable line/);
  });
});

describe('the committed list', () => {
  it('holds the broker, Connect and Debezium in the versions of the pom', () => {
    const pom = read('pom.xml');
    const version = (name: string): string => new RegExp(`<${name}>(.+)</${name}>`).exec(pom)?.[1] ?? 'missing';
    const names = [...parseJarList(read('jars.sha256')).keys()];
    expect(names).toContain(`kafka_2.13-${version('kafka.version')}.jar`);
    expect(names).toContain(`connect-runtime-${version('kafka.version')}.jar`);
    expect(names).toContain(`debezium-connector-postgres-${version('debezium.version')}.jar`);
  });

  it.each(['pom.xml', 'jars.sha256'])('%s names no host: where jars come from is the business of Maven', (name) => {
    expect(read(name)).not.toMatch(/:\/\/|<url>|<repositor/);
  });
});

describe('classPathOf', () => {
  it('is the same whatever order the list has, because a class data archive is made for one class path', () => {
    const jars = new Map([
      ['b.jar', hash('b')],
      ['a.jar', hash('a')],
    ]);
    expect(classPathOf('/cache', jars, ':')).toBe('/cache/a.jar:/cache/b.jar');
    expect(classPathOf('/cache', new Map([...jars].toReversed()), ':')).toBe('/cache/a.jar:/cache/b.jar');
  });
});
