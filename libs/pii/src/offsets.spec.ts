import { describe, expect, it } from 'vitest';
import { createMasker } from './masker.ts';
import { createOffsetMap } from './offsets.ts';

describe('createOffsetMap', () => {
  //            0         1         2         3
  //            0123456789012345678901234567890
  const input = 'Hi jane@example.com, call Bob';
  const masked = createMasker({ types: ['EMAIL_ADDRESS'] }).mask(input);
  const map = createOffsetMap(masked);

  it('moves what lies behind a value', () => {
    expect(masked.text).toBe('Hi <EMAIL_1>, call Bob');
    expect(map.toMasked(26)).toBe(19);
    expect(map.toInput(19)).toBe(26);
    expect(map.toMasked(1)).toBe(1);
  });

  it('widens a range that cuts a value in two to the whole of it', () => {
    expect(map.rangeToMasked({ start: 5, end: 9 })).toEqual({ start: 3, end: 12 });
    expect(map.rangeToInput({ start: 4, end: 6 })).toEqual({ start: 3, end: 19 });
  });

  it("keeps a labeller's range on the words it was put on", () => {
    const start = masked.text.indexOf('Bob');
    const { start: from, end: to } = map.rangeToInput({ start, end: start + 3 });
    expect(input.slice(from, to)).toBe('Bob');
  });

  it('leaves an unmasked text alone', () => {
    expect(createOffsetMap({ spans: [], maskedSpans: [] }).toMasked(7)).toBe(7);
  });
});
