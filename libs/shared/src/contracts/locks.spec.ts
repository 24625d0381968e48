import { expect, it } from 'vitest';
import { locks } from './locks.ts';

it('every lock has a name of its own', () => {
  const parts = ['a', 'b', 'gold', 'disagreements', 'files'];
  const names = [
    ...parts.map(locks.plansOf),
    ...parts.map(locks.lineNumbersOf),
    locks.goldReleases,
    locks.waitingLabels,
  ].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
