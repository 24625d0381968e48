import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { cacheFolder } from './cache-folder.ts';

describe('cacheFolder', () => {
  it.each([
    ['our own variable first', { ASSAY_CACHE_DIR: '/a', XDG_CACHE_HOME: '/x' }, '/a'],
    ['then the one of the desktop', { XDG_CACHE_HOME: '/x' }, '/x/assay'],
    ['which must be absolute', { XDG_CACHE_HOME: 'x' }, `${homedir()}/.cache/assay`],
    ['else the home folder', {}, `${homedir()}/.cache/assay`],
  ])('%s', (_name, env, expected) => {
    expect(cacheFolder(env)).toBe(expected);
  });

  it('refuses a folder that a class path cannot name', () => {
    expect(() => cacheFolder({ ASSAY_CACHE_DIR: '/a:b' })).toThrow(/choose one without ":"/);
  });
});
