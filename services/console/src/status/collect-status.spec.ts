import { accountOf } from '@assay/shared/contracts/account';
import { describe, expect, it } from 'vitest';
import type { OffsetsAdmin } from './lane-offsets.ts';
import type { CountedLineage } from './counted-lineage.ts';
import { StatusCollector } from './collect-status.ts';
import { SharedAnswer } from './shared-answer.ts';
import { statusSchema } from './status.ts';

const names =
  'received accepted documents duplicate skipped dead_lettered expired gold disagreement low_confidence erased pending label_rows live superseded withdrawn withdrawals duplicate_rows rejected_rows waiting_rows rows_under_way';
const noCounts = Object.fromEntries(names.split(' ').map((name) => [name, 0]));

const lineage = (given: Partial<CountedLineage> = {}): CountedLineage => ({
  account: async () => accountOf({ ...noCounts, received: 3, accepted: 2, duplicate: 1, documents: 2, gold: 2 }),
  stages: async () => ({ queued: 2 }),
  agreement: async () => [],
  lanes: async () => [],
  journey: async () => [],
  countedAt: () => 0,
  ...given,
});

const admin: OffsetsAdmin = {
  bounds: async () => [{ partition: 0, low: 0n, high: 5n }],
  committed: async () => new Map([[0, 3n]]),
};

const collector = (given: Partial<CountedLineage> = {}, kafka: Partial<OffsetsAdmin> = {}, now = () => 0) =>
  new StatusCollector({
    lineage: lineage(given),
    admin: { ...admin, ...kafka },
    connectUrl: undefined,
    services: [],
    now,
  });

describe('StatusCollector', () => {
  it('puts the picture together as its schema says', async () => {
    const status = await collector().collect();

    expect(statusSchema.parse(status)).toEqual(status);
    expect(status.account).toMatchObject({ adds_up: true, faults: [] });
    expect(status.lanes!.map(({ service, lag }) => [service, lag])).toEqual([
      ['ingest', 2],
      ['annotation-bridge', 2],
      ['quality-validator', 2],
      ['output', 2],
    ]);
    expect(status.unavailable).toEqual({});
  });

  it('says which equation does not hold', async () => {
    const account = async () => accountOf({ ...noCounts, received: 1 });

    const status = await collector({ account }).collect();

    expect(status.account).toMatchObject({ adds_up: false, faults: [expect.stringContaining('received is 1')] });
  });

  it('shows the rest when Kafka does not answer', async () => {
    const committed = () => Promise.reject(new Error('no broker'));

    const status = await collector({}, { committed }).collect();

    expect(status.lanes).toBeNull();
    expect(status.unavailable).toEqual({ lanes: 'no broker' });
    expect(status.account!.adds_up).toBe(true);
  });

  it('computes the agreement again only when it is old', async () => {
    let now = 0;
    let asked = 0;
    const agreement = async () => {
      asked++;
      return [];
    };
    const subject = collector({ agreement }, {}, () => now);

    for (now of [0, 1_000, 4_999, 5_000]) await subject.collect();

    expect(asked).toBe(2);
  });
});

describe('SharedAnswer', () => {
  it('asks once for everybody who comes within its age', async () => {
    let now = 0;
    let asked = 0;
    const shared = new SharedAnswer(
      async () => ++asked,
      100,
      () => now,
    );

    const together = await Promise.all([shared.get(), shared.get()]);
    now = 99;
    const later = await shared.get();
    now = 100;
    const tooLate = await shared.get();

    expect([...together, later, tooLate]).toEqual([1, 1, 1, 2]);
  });
});
