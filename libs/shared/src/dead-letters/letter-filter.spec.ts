import { describe, expect, it } from 'vitest';
import { sourceRecord } from '../testing/source-record.ts';
import { readLetter } from './letter.ts';
import { FilterError, letterFilter } from './letter-filter.ts';

const letter = readLetter(
  sourceRecord({
    key: Buffer.from('T-1'),
    value: Buffer.from('{"priority":"urgent","fields":{"n":5},"tags":["a","b"],"tricky":"a=b"}'),
    headers: {
      'dlq-source-topic': 'tickets',
      'dlq-source-partition': '2',
      'dlq-source-offset': '40',
      'dlq-code': 'CONTRACT_VIOLATED',
      'dlq-reason': 'priority: expected a number',
      'dlq-step': 'decodeTicket',
      'dlq-service': 'ingest',
      'dlq-at': '2026-11-21T10:00:00.000Z',
      'dlq-attempt': '1',
      trace: 'abc',
    },
  }),
)!;

describe('which letters are meant', () => {
  it.each([
    ['nothing asked for', [], undefined, true],
    ['a code', [], 'CONTRACT_VIOLATED', true],
    ['a part of the reason', [], 'expected a number', true],
    ['another reason', [], 'DECODE_FAILED', false],
    ['a step', ['step=decodeTicket'], undefined, true],
    ['not a step', ['step!=decodeTicket'], undefined, false],
    ['a header', ['header.trace=abc'], undefined, true],
    ['a header that is not there', ['header.other=abc'], undefined, false],
    ['a text in the value', ['value.priority=urgent'], undefined, true],
    ['a number in the value', ['value.fields.n=5'], undefined, true],
    ['a place in a list', ['value.tags.1=b'], undefined, true],
    ['a value with an operator in it', ['value.tricky=a=b'], undefined, true],
    ['a part', ['value.priority~urg'], undefined, true],
    ['a part of a list', ['value.tags~"b"'], undefined, true],
    ['at least', ['offset>=40'], undefined, true],
    ['at most', ['offset<=39'], undefined, false],
    ['a time', ['at>=2026-11-21T09:00', 'at<=2026-11-22'], undefined, true],
    ['at least of what is not there', ['value.nothing>=1'], undefined, false],
    ['all of several', ['topic=tickets', 'partition=3'], undefined, false],
    ['the key', ['key=T-1'], undefined, true],
  ])('%s', (_, conditions, reason, expected) => {
    expect(letterFilter(conditions, reason)(letter)).toBe(expected);
  });

  it('a letter whose value is no JSON has no part of it', () => {
    const other = { ...letter, value: Buffer.from('{') };
    expect(letterFilter(['value.priority=urgent'])(other)).toBe(false);
    expect(letterFilter(['value.priority!=urgent'])(other)).toBe(true);
  });

  it.each(['step', 'colour=red', '=x', 'value=1', 'header=1'])('%s is refused with how it is written', (condition) => {
    expect(() => letterFilter([condition])).toThrow(FilterError);
    expect(() => letterFilter([condition])).toThrow('write NAME=VALUE');
  });
});
