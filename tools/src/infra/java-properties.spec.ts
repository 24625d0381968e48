import { describe, expect, it } from 'vitest';
import { renderProperties } from './java-properties.ts';

describe('renderProperties', () => {
  it.each([
    [
      'plain values',
      { 'node.id': 1, listeners: 'PLAINTEXT://127.0.0.1:1', 'auto.create': false },
      'node.id=1\nlisteners=PLAINTEXT://127.0.0.1:1\nauto.create=false\n',
    ],
    ['a backslash', { dir: String.raw`C:\data` }, 'dir=C:\\\\data\n'],
    ['a line break', { dir: 'a\nb=c' }, 'dir=a\\nb=c\n'],
    ['a leading blank', { dir: ' a b' }, 'dir=\\ a b\n'],
    ['letters beyond ASCII', { dir: '/home/jürgen/日' }, 'dir=/home/j\\u00fcrgen/\\u65e5\n'],
    ['a separator in a key', { 'a=b c:d': 1 }, 'a\\=b\\ c\\:d=1\n'],
  ])('%s', (_name, settings, expected) => {
    expect(renderProperties(settings)).toBe(expected);
  });
});
