import { describe, expect, it } from 'vitest';
import { parseDownloadedJar } from './maven.ts';
import { worstLines } from './short-run.ts';

describe('parseDownloadedJar', () => {
  it.each([
    ['[INFO] Downloaded from mirror: https://mirror.invalid/maven2/a/b/1/b-1.jar (11 kB at 1.6 MB/s)', 'b-1.jar'],
    ['[INFO] Downloaded from mirror: https://mirror.invalid/maven2/a/b/1/b-1.pom (11 kB at 1.6 MB/s)', undefined],
    ['[INFO] Downloading from mirror: https://mirror.invalid/maven2/a/b/1/b-1.jar', undefined],
    ['[INFO] Copying b-1.jar to /cache/b-1.jar', undefined],
  ])('%s', (line, expected) => {
    expect(parseDownloadedJar(line)).toBe(expected);
  });
});

describe('worstLines', () => {
  it('prefers the lines that are marked as errors', () => {
    expect(worstLines(['[INFO] a', '[ERROR] b', '[INFO] c'])).toEqual(['[ERROR] b']);
  });

  it('falls back to the last lines', () => {
    expect(worstLines(['a', 'b'])).toEqual(['a', 'b']);
  });
});
