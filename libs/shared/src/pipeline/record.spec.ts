import { describe, expect, it } from 'vitest';
import { headerText } from './record.ts';

describe('the text of a header', () => {
  it.each([
    ['bytes', Buffer.from('1'), '1'],
    ['text', '1', '1'],
    ['empty bytes, which are a value', Buffer.alloc(0), ''],
    ['the first of several', [Buffer.from('1'), '2'], '1'],
    ['a list without a value', [], undefined],
    ['nothing', undefined, undefined],
    ['a header without a value', null, undefined],
  ])('%s', (_name, value, expected) => {
    expect(headerText({ 'a-header': value }, 'a-header')).toBe(expected);
  });

  it('is undefined when the header is absent', () => {
    expect(headerText({}, 'a-header')).toBeUndefined();
  });
});
