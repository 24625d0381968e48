import { describe, expect, it } from 'vitest';
import { type Account, accountOf, faultsOfAccount, sumsOf } from './account.ts';

const account: Account = {
  received: 110,
  accepted: 100,
  documents: 100,
  duplicate: 5,
  skipped: 2,
  dead_lettered: 3,
  expired: 0,
  gold: 40,
  disagreement: 20,
  low_confidence: 10,
  erased: 1,
  pending: 29,
  label_rows: 36,
  live: 8,
  superseded: 7,
  withdrawn: 6,
  withdrawals: 5,
  duplicate_rows: 4,
  rejected_rows: 3,
  waiting_rows: 2,
  rows_under_way: 1,
};

const nothing = Object.fromEntries(Object.keys(account).map((name) => [name, 0])) as unknown as Account;

describe('faultsOfAccount', () => {
  it.each([
    ['that adds up', account],
    ['of nothing', nothing],
  ])('finds none in an account %s', (_, one) => {
    expect(faultsOfAccount(one)).toEqual([]);
  });

  // Whichever figure is wrong by one, somebody is told; `documents` stands in two equations.
  it.each(Object.keys(account) as (keyof Account)[])('finds that %s is one too many', (name) => {
    expect(faultsOfAccount({ ...account, [name]: account[name] + 1 })).toHaveLength(
      name === 'accepted' || name === 'documents' ? 2 : 1,
    );
  });

  it('says which whole is not the sum of which parts', () => {
    expect(faultsOfAccount({ ...account, received: 111, live: 7 })).toEqual([
      'received is 111, but accepted + duplicate + skipped + dead_lettered is 110',
      'label_rows is 36, but live + superseded + withdrawn + withdrawals + duplicate_rows + rejected_rows + waiting_rows + rows_under_way is 35',
    ]);
  });

  it('does not let a figure below zero make up for another', () => {
    expect(faultsOfAccount({ ...account, pending: -1, gold: 70 })).toEqual(['pending is -1']);
  });

  it('calls what expired a loss, though the equations hold', () => {
    expect(faultsOfAccount({ ...account, expired: 7 })).toEqual(['7 tickets expired before they were read']);
  });
});

describe('accountOf', () => {
  it('makes numbers of what Postgres answers as text', () => {
    const row = Object.fromEntries(Object.entries(account).map(([name, value]) => [name, String(value)]));
    expect(accountOf(row)).toEqual(account);
  });
});

describe('sumsOf', () => {
  it('shows each whole with its parts, and a rare part only where there is some', () => {
    const titles = sumsOf(account).map(({ title, terms }) => [title, terms[0]!.count, terms.length]);
    expect(titles).toEqual([
      ['tickets', account.received, 5],
      ['documents', account.documents, account.erased > 0 ? 6 : 5],
      ['label rows', account.label_rows, 9],
    ]);
    expect(sumsOf({ ...account, erased: 0 })[1]!.terms).toHaveLength(5);
    expect(sumsOf({ ...account, erased: 2 })[1]!.terms.at(-1)).toEqual({ count: 2, words: 'erased' });
  });

  it('shows sums that hold whenever the account adds up', () => {
    for (const { terms } of sumsOf(account)) {
      const [whole, ...parts] = terms.map(({ count }) => count);
      expect(parts.reduce((sum, count) => sum + count, 0)).toBe(whole);
    }
  });
});
