import { describe, expect, it } from 'vitest';
import { readArguments } from './read-arguments.ts';
import { UsageError } from './verb.ts';

const options = {
  out: { type: 'string' },
  rules: { type: 'string', default: 'default' },
  'min-kappa': { type: 'string' },
  fields: { type: 'list' },
  manifests: { type: 'words' },
  json: { type: 'boolean' },
} as const;
const words = { least: 1, most: 2, are: 'a folder' };
const nothing = { out: undefined, 'min-kappa': undefined, fields: undefined, manifests: undefined };

const read = (...args: readonly string[]) => readArguments(args, { options, words });

describe('readArguments', () => {
  it('gives each option its value', () => {
    expect(read('in')).toEqual({ values: { ...nothing, rules: 'default', json: false }, words: ['in'] });
    expect(read('--out', 'o', 'in', '--rules=original', '--json', 'more')).toEqual({
      values: { ...nothing, out: 'o', rules: 'original', json: true },
      words: ['in', 'more'],
    });
  });

  it.each([
    [['--min-kappa', '-0.5'], { 'min-kappa': '-0.5' }],
    [['--min-kappa', '-.5'], { 'min-kappa': '-.5' }],
    [['--min-kappa=-1'], { 'min-kappa': '-1' }],
  ])('takes a negative number for a value: %j', (args, expected) => {
    expect(read('in', ...args).values).toMatchObject(expected);
  });

  it('trims the items of a list', () => {
    expect(read('in', '--fields', 'a, b ,c').values.fields).toEqual(['a', 'b', 'c']);
  });

  it('takes all words up to the next option', () => {
    const { values, words: others } = read('in', '--manifests', 'a', 'b', '--json', 'more');
    expect([values.manifests, values.json, others]).toEqual([['a', 'b'], true, ['in', 'more']]);
    expect(read('in', '--manifests', 'a', '--manifests', '-', 'b').values.manifests).toEqual(['a', '-', 'b']);
  });

  it('takes everything behind -- as words', () => {
    expect(read('--', '--json', '-1').words).toEqual(['--json', '-1']);
  });

  it.each([
    [[], 'too few words: name a folder'],
    [['a', 'b', 'c'], 'too many words: there is no place for "c"'],
    [['in', '--ouput', 'x'], `Unknown option '--ouput': did you mean --out?`],
    [['in', '--frobnicate'], `Unknown option '--frobnicate'`],
    [['in', '-7'], `Unknown option '-7'`],
    [['in', '--out'], 'argument missing'],
    [['in', '--out', '--json'], `'--out' argument is ambiguous`],
    [['in', '--manifests', '--json'], `'--manifests' argument is ambiguous`],
    [['in', '--json=yes'], `'--json' does not take an argument`],
    [['in', '--fields', 'a,,b'], '--fields is a list with commas between'],
    [['in', '--fields', ''], '--fields is a list with commas between'],
  ])('refuses %j', (args, message) => {
    expect(() => read(...args)).toThrow(UsageError);
    expect(() => read(...args)).toThrow(message);
  });

  it('takes no words where a verb says nothing of them', () => {
    expect(() => readArguments(['x'], { options })).toThrow('too many words: there is no place for "x"');
  });
});
