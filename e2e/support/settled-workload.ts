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
  const { contents } = desk;
  const sent = { tickets: messages, rows: desk.replaced === 0 ? desk.rows.length : null, contents };
  const account = await settledAccount(bed, sent, withinMs);
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

function otherCounts(account: Account, workload: Workload, expected: SinglePass): string[] {
  const { messages, tickets, bad, repeated, desk } = workload;
  const ofLabels = desk.replaced === 0 ? expected.account : withoutEarlierContents(expected);
  const expectedOfTickets = {
    received: messages,
    documents: tickets,
    duplicate: repeated,
    dead_lettered: bad,
    skipped: 0,
  };
  return Object.entries({ ...expectedOfTickets, ...ofLabels }).flatMap(([name, count]) => {
    const found = account[name as keyof Account];
    return found === count ? [] : [`${name} is ${found}, and should be ${count}`];
  });
}

/** Rows of contents that were replaced stay on the account, as read and as withdrawn. */
function withoutEarlierContents({ account }: SinglePass): Partial<SinglePass['account']> {
  const { label_rows: _read, withdrawn: _withdrawn, duplicate_rows: _duplicate, ...others } = account;
  return others;
}

function otherExamples({ examples }: GoldStream, { gold }: SinglePass): string[] {
  const ids = [...new Set([...examples.keys(), ...gold.keys()])];
  const [found, wanted] = [examples, gold].map((map) => (id: string) => JSON.stringify(map.get(id) ?? 'not in gold'));
  return ids
    .filter((id) => found!(id) !== wanted!(id))
    .map((id) => `gold says of ${id}: ${found!(id)}, not ${wanted!(id)}`);
}
