import { describe, expect, it } from 'vitest';
import { createMasker } from './masker.ts';

const masker = createMasker();

describe('a token and its beginnings', () => {
  // Repeats itself, so that each beginning stands at each sixth place: 35 million pairs of place and value at this size.
  const token = 'aBx3K9'.repeat(683);
  const beginnings = (size: number): string => {
    const all: string[] = [];
    for (let length = 40, sum = 0; sum < size; length = (length + 1) % token.length) {
      const one = `Bearer ${token.slice(0, Math.max(40, length))}`;
      all.push(one);
      sum += one.length;
    }
    return all.join(' ');
  };

  it('are masked wherever they stand, each place once, and do not fill the memory', () => {
    const text = `${beginnings(500_000)} ${`xxx${token}`.repeat(120)}`;
    const masked = masker.mask(text);
    expect(masked.text).not.toContain(token.slice(0, 40));
    expect(masked.spans.length).toBeLessThan(2_000);
  });

  it('are told apart: at each place it is the longest', () => {
    const values = Array.from({ length: 20 }, (_, n) => token.slice(0, 60 + n));
    const text = `${values.map((value) => `Bearer ${value}`).join(' ')} . ${values.map((value) => `(${value})`).join('')}`;
    const names = masker.mask(text).text.match(/<[A-Z_]+_\d+>/g)!;
    expect(names).toHaveLength(40);
    expect(names.slice(20)).toEqual(names.slice(0, 20));
  });
});
