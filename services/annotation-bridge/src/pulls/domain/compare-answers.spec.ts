import { describe, expect, it } from 'vitest';
import type { SeenItem } from '../tool-source.ts';
import { compareAnswers, type KnownAnswer } from './compare-answers.ts';

/** `item: answer@version, …` */
const item = (id: string, ...answers: string[]): SeenItem => ({
  id,
  content: {},
  answers: answers.map((text) => {
    const [answer = '', version = ''] = text.split('@');
    return { id: answer, version, content: {} };
  }),
});
const known = (text: string, itemId = 'i', path = 'p'): KnownAnswer => {
  const [answerId = '', version = ''] = text.split('@');
  return { itemId, answerId, version, path };
};
const told = (knownAnswers: readonly KnownAnswer[], seen: readonly SeenItem[]) => {
  const { toWrite, toTakeBack } = compareAnswers(knownAnswers, seen);
  return {
    write: toWrite.flatMap(({ id, answers }) => answers.map((answer) => `${id}: ${answer.id}@${answer.version}`)),
    takeBack: toTakeBack.map(
      (answer) => `${answer.answerId}@${answer.version} of ${answer.path}${answer.isGone ? ' gone' : ''}`,
    ),
  };
};

describe('compareAnswers', () => {
  it.each<[string, KnownAnswer[], SeenItem[], ReturnType<typeof told>]>([
    ['writes what stands nowhere', [], [item('i', 'a@1', 'b@1')], { write: ['i: a@1', 'i: b@1'], takeBack: [] }],
    ['leaves alone what stands as it is', [known('a@1')], [item('i', 'a@1')], { write: [], takeBack: [] }],
    [
      'writes of an item only what is new',
      [known('a@1')],
      [item('i', 'a@1', 'b@1')],
      { write: ['i: b@1'], takeBack: [] },
    ],
    [
      'takes back the version before',
      [known('a@1')],
      [item('i', 'a@2')],
      { write: ['i: a@2'], takeBack: ['a@1 of p'] },
    ],
    ['takes back an answer that was deleted', [known('a@1')], [item('i')], { write: [], takeBack: ['a@1 of p gone'] }],
    [
      'takes back all answers of an item that is gone',
      [known('a@1'), known('b@1')],
      [],
      { write: [], takeBack: ['a@1 of p gone', 'b@1 of p gone'] },
    ],
    [
      'knows that another item has the id of one that is gone',
      [known('a@1')],
      [item('i', 'z@1')],
      { write: ['i: z@1'], takeBack: ['a@1 of p gone'] },
    ],
    [
      'takes back what a crash left although its successor was written',
      [known('a@1', 'i', 'old'), known('a@2', 'i', 'new')],
      [item('i', 'a@2')],
      { write: [], takeBack: ['a@1 of old'] },
    ],
    [
      'looks for an answer beyond its item',
      [known('a@1', 'i')],
      [item('i'), item('j', 'a@1')],
      { write: [], takeBack: [] },
    ],
  ])('%s', (_name, knownAnswers, seen, expected) => {
    expect(told(knownAnswers, seen)).toEqual(expected);
  });
});
