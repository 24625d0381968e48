import { describe, expect, it } from 'vitest';
import { accountOf } from '../contracts/account.ts';
import { renderAccount } from './account.verb.ts';

const account = accountOf({
  received: '1030',
  accepted: '1000',
  documents: '1000',
  duplicate: '20',
  skipped: '3',
  dead_lettered: '7',
  expired: '0',
  gold: '600',
  disagreement: '200',
  low_confidence: '100',
  erased: '0',
  pending: '100',
  label_rows: '2600',
  live: '1',
  superseded: '2',
  withdrawn: '3',
  withdrawals: '4',
  duplicate_rows: '5',
  rejected_rows: '6',
  waiting_rows: '7',
  rows_under_way: '8',
});

describe('renderAccount', () => {
  it('writes the three sums as sums', () => {
    expect(renderAccount(account, [])).toBe(`\
tickets     1030 received = 1000 documents + 20 duplicate + 3 skipped + 7 dead letters
documents   1000 = 600 gold + 200 disagreement + 100 low confidence + 100 pending
label rows  2600 = 1 live + 2 superseded + 3 withdrawn + 4 withdrawals + 5 duplicate + 6 rejected + 7 waiting + 8 under way
The account adds up.
`);
  });

  it('shows erased documents where there are some', () => {
    expect(renderAccount({ ...account, erased: 1 }, [])).toContain('+ 100 pending + 1 erased\n');
  });

  it('says every fault', () => {
    const text = renderAccount(account, ['one is wrong', 'two is wrong']);
    expect(text).toContain('The account does NOT add up:\n  one is wrong\n  two is wrong\n');
    expect(text).not.toContain('adds up');
  });
});
