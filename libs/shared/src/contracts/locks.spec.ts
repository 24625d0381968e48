import { expect, it } from 'vitest';
import { locks } from './locks.ts';

it('every lock has a name of its own', () => {
  const parts = ['a', 'b', 'gold', 'disagreements', 'files'];
  const names = [
    ...parts.map(locks.batchesTo),
    ...parts.map(locks.segmentsOf),
    locks.goldReleases,
    locks.waitingLabels,
  ].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
