import { expect, it } from 'vitest';
import { runKills } from './support/kill-run.ts';

/** The small form of `npm run e2e -- kill`: the same run with fewer kills, so that the harness itself cannot rot. */
it('ingest is killed five times while 2,000 tickets flow, and the account adds up', async () => {
  const report = await runKills({ kills: 5, tickets: 2_000, seed: 4, say: () => {} });
  expect(report.faults).toEqual([]);
  expect(report.account).toEqual(report.expected);
  expect(report.expected.dead_lettered).toBeGreaterThan(0);
});
