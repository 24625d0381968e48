import { describe, expect, it } from 'vitest';
import { archiveName } from './jvm.ts';

const java = { command: '/opt/java/bin/java', version: '17.0.15' };
const jars = { classPath: '/cache/a.jar', fingerprint: 'f1' };

describe('archiveName', () => {
  const name = archiveName('kafka', java, jars);

  it('tells part and Java version to a person', () => {
    expect(name).toMatch(/^kafka-17\.0\.15-[0-9a-f]{12}\.jsa$/);
    expect(archiveName('kafka', java, jars)).toBe(name);
  });

  // An archive that does not fit is ignored by the JVM in silence: the start would be slow for ever.
  it.each([
    ['another part', archiveName('connect', java, jars)],
    ['another Java', archiveName('kafka', { ...java, version: '21.0.1' }, jars)],
    ['the same version in another place', archiveName('kafka', { ...java, command: 'java' }, jars)],
    ['another class path', archiveName('kafka', java, { ...jars, classPath: '/other/a.jar' })],
    ['a jar fetched again', archiveName('kafka', java, { ...jars, fingerprint: 'f2' })],
  ])('is another for %s', (_name, other) => {
    expect(other).not.toBe(name);
  });
});
