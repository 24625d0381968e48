import { expect, it } from 'vitest';
import { chooseCopies } from './copies.ts';

const task = (id: number, docId: string, isWorkedOn = false) => ({ id, docId, isWorkedOn });

it.each([
  ['the first of copies nobody has touched', [task(9, 'a'), task(3, 'a')], { a: 3 }, [9], {}],
  ['the one that was labelled, whichever came first', [task(3, 'a'), task(9, 'a', true)], { a: 9 }, [3], {}],
  ['each of two documents', [task(1, 'a'), task(2, 'b')], { a: 1, b: 2 }, [], {}],
  [
    'all that were labelled, the first of them for the document',
    [task(1, 'a'), task(5, 'a', true), task(4, 'a', true)],
    { a: 4 },
    [1],
    { a: [5] },
  ],
  ['nothing of nothing', [], {}, [], {}],
])('keeps %s', (_name, tasks, standing, surplus, workedOn) => {
  const chosen = chooseCopies(tasks);
  expect(Object.fromEntries(chosen.standing)).toEqual(standing);
  expect(chosen.surplus).toEqual(surplus);
  expect(Object.fromEntries(chosen.workedOn)).toEqual(workedOn);
});
