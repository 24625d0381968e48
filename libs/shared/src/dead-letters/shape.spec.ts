import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shapeOf } from './shape.ts';

const shape = (value: unknown) => shapeOf(Buffer.from(JSON.stringify(value)));

it('tells what a message is made of', () => {
  expect(
    shape({ text: 'Ann Lee', priority: 5, tags: ['a', 'b', 'c', 'd'], nothing: null, ok: true, inner: {} }),
  ).toEqual({
    text: 'text of 7',
    priority: 'number',
    tags: ['text of 1', 'text of 1', 'text of 1', 'and 1 more'],
    nothing: 'null',
    ok: 'boolean',
    inner: {},
  });
  expect(shapeOf(null)).toBe('no value');
  expect(shapeOf(Buffer.from('{"text":'))).toBe('8 bytes that are no JSON');
});

it('does not tell a name that no program would give', () => {
  expect(shape({ 'ann@example.com': 1, Ünal: 2 })).toEqual({ 'field 1': 'number', 'field 2': 'number' });
});

it('tells nothing of what a message says, however it is put', () => {
  const SECRET = 'Zq9 secret';
  fc.assert(
    fc.property(fc.jsonValue(), fc.array(fc.string(), { maxLength: 4 }), (value, path) => {
      const holder = path.reduceRight<unknown>((inner, name) => ({ [name]: inner, [SECRET]: 1 }), [value, SECRET]);
      expect(JSON.stringify(shape(holder))).not.toContain(SECRET);
    }),
  );
});
