import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commaItems, commaList } from './comma-list.ts';

describe('commaList', () => {
  it.each([
    ['', []],
    [' , ,', []],
    ['a', ['a']],
    ['a, b', ['a', 'b']],
    [' a ,\tb,\n', ['a', 'b']],
    ['a b,c', ['a b', 'c']],
  ])('%j is %j', (text, expected) => expect(commaList(text)).toEqual(expected));

  it('has no item that is blank or has blanks around it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const item of commaList(text)) expect(item).toMatch(/^\S(.*\S)?$/s);
      }),
    );
  });

  it('reads back what was joined, with whatever blanks', () => {
    const item = fc.string({ minLength: 1 }).map((text) => text.replaceAll(',', '').trim());
    const items = fc.array(item.filter((text) => text !== ''));
    fc.assert(
      fc.property(items, (list) => {
        expect(commaList(list.join(' , '))).toEqual(list);
      }),
    );
  });
});

describe('commaItems', () => {
  it('keeps the blank ones', () => expect(commaItems('a:1, ,b,')).toEqual(['a:1', '', 'b', '']));
});
