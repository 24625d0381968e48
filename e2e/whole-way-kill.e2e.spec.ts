import { expect, it } from 'vitest';
import { killAll } from './support/kill-all-run.ts';

/** The short form of `npm run e2e -- kill-all`. */
it('everybody dies, freezes and is cut off under load once, and the account is exact', async () => {
  const { faults, account } = await killAll({
    tickets: 500,
    rounds: 1,
    kinds: ['kill', 'freeze', 'cut'],
    log: () => {},
  });
  expect(faults).toEqual([]);
  for (const count of [
    account.gold,
    account.disagreement,
    account.withdrawn,
    account.superseded,
    account.rejected_rows,
  ])
    expect(count, 'the workload has everything in it').toBeGreaterThan(0);
});
