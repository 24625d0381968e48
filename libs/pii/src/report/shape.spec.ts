import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roughShapeOf, shapeOf, shorten } from './shape.ts';

describe('shapeOf', () => {
  it.each([
    ['Jane  Doe-Łuk', 'Aaaa Aaa-Aaa'],
    ['jane.doe@example.com', 'aaaa.aaa@aaaaaaa.aaa'],
    ['+44 ٣٤ 王小\n5b', '+99 99 aa 9a'],
    ['e\u0301\u200b😀', 'aa😀'],
  ])('makes %j to %j', (text, shape) => {
    expect(shapeOf(text)).toBe(shape);
  });

  it('leaves no letter and no digit of the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(shapeOf(text).replaceAll(/[Aa9]/g, '')).not.toMatch(/[\p{L}\p{N}\p{M}]/u);
      }),
    );
  });
});

it('roughShapeOf makes names of all lengths alike', () => {
  expect([roughShapeOf('Jane Doe'), roughShapeOf('Maximilian Oelschläger')]).toEqual(['Aa Aa', 'Aa Aa']);
});

it('shorten cuts between characters', () => {
  expect([shorten('😀😀😀', 2), shorten('😀😀', 2)]).toEqual(['😀😀…', '😀😀']);
});
