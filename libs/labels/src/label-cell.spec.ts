import { describe, expect, it } from 'vitest';
import { parseLabelCell } from './label-cell.ts';
import { labelJson } from './label.ts';

describe('parseLabelCell', () => {
  it.each([
    ['a word is a choice', ' bug ', 'bug'],
    ['a JSON list is a set', '["b","a","b"]', ['a', 'b']],
    ['a list of one is that choice', '["a"]', 'a'],
    ['Label Studio writes several choices as an object', '{"choices":["b","a"]}', ['a', 'b']],
    ['a list of numbers', '[2, 1]', ['1', '2']],
    ['nulls in a list are nothing', '["a",null]', 'a'],
    ['only looks like a list', '[urgent] billing', '[urgent] billing'],
    ['only looks like an object', '{bug}', '{bug}'],
    ['another object stays as it is', '{"a":1}', '{"a":1}'],
    [
      'spans are a set',
      '[{"start":5,"end":9,"label":"B"},{"start":0,"end":3,"label":"A","text":"Abc"}]',
      [
        { start: 0, end: 3, label: 'A' },
        { start: 5, end: 9, label: 'B' },
      ],
    ],
  ])('%s', (_case, cell, json) => {
    expect(labelJson(parseLabelCell(cell))).toEqual(json);
  });
});
