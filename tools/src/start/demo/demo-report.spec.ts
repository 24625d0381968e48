import { countChange } from '@assay/agreement/count-rows';
import type { Account } from '@assay/shared/contracts/account';
import { describe, expect, it } from 'vitest';
import { agreementOf, faultsAtRest, renderReport } from './demo-report.ts';

const account: Account = {
  received: 12,
  accepted: 9,
  documents: 9,
  duplicate: 2,
  skipped: 0,
  dead_lettered: 1,
  expired: 0,
  gold: 5,
  disagreement: 2,
  low_confidence: 1,
  erased: 0,
  pending: 1,
  label_rows: 20,
  live: 15,
  superseded: 2,
  withdrawn: 0,
  withdrawals: 0,
  duplicate_rows: 1,
  rejected_rows: 2,
  waiting_rows: 0,
  rows_under_way: 0,
};

const rows = [
  ...countChange(
    [],
    [
      ['alice', 'billing'],
      ['bob', 'billing'],
    ],
  ),
  ...countChange(
    [],
    [
      ['alice', 'data'],
      ['bob', 'access'],
    ],
  ),
].map((row) => ({ ...row, field: 'label' }));

describe('faultsAtRest', () => {
  it('finds none in an account that adds up', () => {
    expect(faultsAtRest(account)).toEqual([]);
  });

  it.each<[string, Partial<Account>, RegExp]>([
    ['does not add up', { gold: 4 }, /^documents is 9/],
    ['still has rows under way', { live: 14, rows_under_way: 1 }, /1 label rows are still under way/],
    ['still has rows that wait', { live: 14, waiting_rows: 1 }, /1 label rows still wait/],
  ])('says so when it %s', (_name, change, expected) => {
    expect(faultsAtRest({ ...account, ...change }).join('\n')).toMatch(expected);
  });
});

describe('agreementOf', () => {
  it('makes coefficients of the counts, field by field', () => {
    const [agreement, ...others] = agreementOf(rows);
    expect(others).toEqual([]);
    expect(agreement).toMatchObject({ field: 'label', sharedItems: 2, percentAgreement: { value: 0.5 } });
  });
});

describe('renderReport', () => {
  const text = renderReport({
    account,
    faults: [],
    agreement: agreementOf(rows),
    gold: { container: 'gold', release: 'releases/000001/x.jsonl', sha256: 'ab', lines: 5, segments: ['a', 'b'] },
    seconds_by_stage: {},
    peak_rss_bytes: [
      { name: 'kafka', pid: 2, peakRssBytes: 2 * 1_048_576 },
      { name: 'postgres: walwriter', pid: 3, peakRssBytes: 1_048_576 },
    ],
  });

  it('shows every equation with its numbers', () => {
    expect(text).toContain('12 received = 9 documents + 2 duplicate + 0 skipped + 1 dead letters');
    expect(text).toContain('9 = 5 gold + 2 disagreement + 1 low confidence + 1 pending');
    expect(text).toContain('20 = 15 live + 2 superseded');
    expect(text).toContain('The account adds up.');
  });

  it('shows agreement, where the gold lies, and the memory of each process once', () => {
    expect(text).toMatch(/percent agreement +0\.500/);
    expect(text).toContain('5 documents: container gold, releases/000001/x.jsonl');
    expect(text).toMatch(/peak MB +kafka 2$/m);
  });
});
