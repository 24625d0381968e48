import { describe, expect, it } from 'vitest';
import { nearest } from './nearest.ts';

const names = ['account', 'convert', 'journey', 'mask', 'out', 'validate', 'min-kappa', 'threshold'];

describe('nearest', () => {
  it.each([
    ['acount', 'account'],
    ['validte', 'validate'],
    ['valdiate', 'validate'],
    ['mas', 'mask'],
    ['masks', 'mask'],
    ['output', 'out'],
    ['kappa', undefined],
    ['min-kapa', 'min-kappa'],
    ['thresh', 'threshold'],
    ['x', undefined],
    ['deploy', undefined],
    ['', undefined],
  ])('for %j is %j', (word, expected) => expect(nearest(word, names)).toBe(expected));
});
