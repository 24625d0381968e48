import { describe, expect, it } from 'vitest';
import { isBlankLabel, isSameLabel, labelJson, labelText } from './label.ts';
import type { LabelValue, Span } from './label.ts';

const choice = (text: string): LabelValue => ({ kind: 'choice', choice: text });
const choices = (...list: string[]): LabelValue => ({ kind: 'choices', choices: list });
const spans = (...list: Span[]): LabelValue => ({ kind: 'spans', spans: list });
const rating = (value: number): LabelValue => ({ kind: 'rating', rating: value });
const text = (value: string): LabelValue => ({ kind: 'text', text: value });

describe('isSameLabel', () => {
  it.each<[string, LabelValue, LabelValue, boolean]>([
    ['choices are trimmed', choice(' bug'), choice('bug\n'), true],
    ['choices are case-sensitive', choice('Bug'), choice('bug'), false],
    ['a list is a set', choices('a', 'b', 'a'), choices(' b', 'a'), true],
    ['a list with another member differs', choices('a', 'b'), choices('a', 'c'), false],
    ['a set of one is that choice', choices('a', 'a'), choice('a'), true],
    ['a set of two is no choice', choices('a', 'b'), choice('["a","b"]'), false],
    [
      'spans are a set',
      spans({ start: 4, end: 9, label: 'ORG' }, { start: 0, end: 3, label: 'PER' }),
      spans({ start: 0, end: 3, label: 'PER' }, { start: 4, end: 9, label: 'ORG' }),
      true,
    ],
    ['a span ends elsewhere', spans({ start: 0, end: 3, label: 'A' }), spans({ start: 0, end: 4, label: 'A' }), false],
    [
      'a nameless span is not one named null',
      spans({ start: 0, end: 3, label: null }),
      spans({ start: 0, end: 3, label: 'null' }),
      false,
    ],
    ['ratings are numbers', rating(-0), rating(0), true],
    ['a rating is no choice', rating(3), choice('3'), false],
    ['a text is no choice', text('a'), choice('a'), false],
  ])('%s', (_case, left, right, same) => {
    expect(isSameLabel(left, right)).toBe(same);
    expect(isSameLabel(right, left)).toBe(same);
  });
});

describe('isBlankLabel', () => {
  it.each<[string, LabelValue, boolean]>([
    ['white space', choice(' \t'), true],
    ['no choice at all', choices(), true],
    ['only blank choices', choices('', ' '), true],
    ['no entity is an answer', spans(), false],
    ['rating zero is an answer', rating(0), false],
    ['empty text', text('\n'), true],
  ])('%s', (_case, value, blank) => {
    expect(isBlankLabel(value)).toBe(blank);
  });
});

describe('labelJson', () => {
  it('shows the same for equal labels', () => {
    expect(labelJson(choices('a', 'b', 'a'))).toEqual(labelJson(choices(' b', 'a')));
    expect(labelJson(choices('a', 'a'))).toBe('a');
    expect(labelJson(rating(-0))).toBe(0);
  });
});

describe('labelText', () => {
  it('shows a set as sorted JSON and a choice as it is', () => {
    expect(labelText(choices('b', 'a'))).toBe('["a","b"]');
    expect(labelText(choice(' a '))).toBe('a');
    expect(labelText(spans({ start: 1, end: 2, label: 'X' }))).toBe('[{"start":1,"end":2,"label":"X"}]');
  });
});
