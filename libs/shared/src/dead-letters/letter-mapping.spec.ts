import { describe, expect, it } from 'vitest';
import { mappingOf } from './letter-mapping.ts';

const mapped = (value: string, ...changes: string[]) => {
  const result = mappingOf(changes)(Buffer.from(value));
  return result.kind === 'mapped' ? String(result.value) : result;
};

describe('changing a message before it is replayed', () => {
  it.each([
    ['puts a value', ['priority=5'], '{"priority":"urgent"}', '{"priority":5}'],
    ['puts a text', ['priority=high'], '{"priority":1}', '{"priority":"high"}'],
    ['puts where nothing was', ['a.b=1'], '{}', '{"a":{"b":1}}'],
    ['replaces a text by a number', ['priority:urgent=>1'], '{"priority":"urgent"}', '{"priority":1}'],
    ['replaces a text with a sign', ['c:95%=>0.95'], '{"c":"95%"}', '{"c":0.95}'],
    ['replaces JSON', ['a:{"b":1}=>null'], '{"a":{"b":1}}', '{"a":null}'],
    ['replaces in a list', ['tags.1:b=>c'], '{"tags":["a","b"]}', '{"tags":["a","c"]}'],
    ['moves', ['ticket_id<-id'], '{"id":7,"text":"t"}', '{"text":"t","ticket_id":7}'],
    ['removes', ['!extra.deep'], '{"extra":{"deep":1,"kept":2}}', '{"extra":{"kept":2}}'],
    ['does all in order', ['a=1', 'a:1=>2', 'b<-a'], '{}', '{"b":2}'],
  ])('%s', (_, changes, before, after) => {
    expect(mapped(before, ...changes)).toBe(after);
  });

  it.each([
    ['nothing is asked for', []],
    ['what is to be replaced is not there', ['priority:urgent=>1']],
    ['what is to be moved is not there', ['b<-gone']],
    ['what is to be removed is not there', ['!gone.deep']],
    ['it is there already', ['priority=5']],
    ['something else stands in the way', ['priority.deep=5']],
  ])('leaves every byte as it was when %s', (_, changes) => {
    const value = Buffer.from('{ "priority" : 5.0, "x":"é" }');
    expect(mappingOf(changes)(value)).toEqual({ kind: 'mapped', value, isChanged: false });
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '[1]'],
    ['a number that would lose digits', '{"id":12345678901234567890}'],
    ['a fraction that would', '{"id":0.12345678901234567}'],
  ])('does not touch %s', (_, value) => {
    expect(mapped(value, 'priority=5')).toMatchObject({ kind: 'unmappable' });
  });

  it('knows digits in a text from a number', () => {
    expect(mapped('{"id":"12345678901234567890 \\" 12345678901234567890"}', 'a=1')).toContain('12345678901234567890');
  });

  it.each(['priority', '__proto__.x=1', 'a..b=1', 'constructor=1', '!'])(
    'refuses %s with how it is written',
    (change) => {
      expect(() => mappingOf([change])).toThrow(/is no change|names no place/);
    },
  );
});
