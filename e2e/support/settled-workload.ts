import { type Account, faultsOfAccount } from '@assay/shared/contracts/account';
import { type GoldStream, readGoldStream } from './gold-stream.ts';
import { settledAccount } from './settled-system.ts';
import { type SinglePass, singlePass } from './single-pass.ts';
import type { SystemBed } from './system-bed.ts';
import type { Workload } from './workload.ts';

export interface Settled {
  readonly account: Account;
  readonly goldLines: number;
  /** Sentences for everything that is not as it should be. */
  readonly faults: readonly string[];
}

/** Waits until the system has done all of a finished workload, then compares it with a single pass over all its rows. */
export async function settledFaults(bed: SystemBed, workload: Workload, withinMs?: number): Promise<Settled> {
  const { desk, messages, sentOutTwice } = workload;
  const account = await settledAccount(bed, { tickets: messages, rows: desk.rows.length }, withinMs);
  const expected = singlePass(desk.rows);
  const stream = await readGoldStream(bed);
  return {
    account,
    goldLines: stream.lines.length,
    faults: [
      ...faultsOfAccount(account),
      ...otherCounts(account, workload, expected),
      ...stream.faults,
      ...otherExamples(stream, expected),
      ...sentOutTwice.map((id) => `${id} is in two batches`),
    ],
  };
}

function otherCounts(account: Account, { messages, tickets, bad, repeated }: Workload, expected: SinglePass): string[] {
  const expectedOfTickets = {
    received: messages,
    documents: tickets,
    duplicate: repeated,
    dead_lettered: bad,
    skipped: 0,
  };
  return Object.entries({ ...expectedOfTickets, ...expected.account }).flatMap(([name, count]) => {
    const found = account[name as keyof Account];
    return found === count ? [] : [`${name} is ${found}, and should be ${count}`];
  });
}

function otherExamples({ examples }: GoldStream, { gold }: SinglePass): string[] {
  const ids = [...new Set([...examples.keys(), ...gold.keys()])];
  const [found, wanted] = [examples, gold].map((map) => (id: string) => JSON.stringify(map.get(id) ?? 'not in gold'));
  return ids
    .filter((id) => found!(id) !== wanted!(id))
    .map((id) => `gold says of ${id}: ${found!(id)}, not ${wanted!(id)}`);
}
