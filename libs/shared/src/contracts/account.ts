/** The one row of `lineage.account`: what came in, and what became of all of it. */
export interface Account {
  readonly received: number;
  readonly accepted: number;
  readonly documents: number;
  readonly duplicate: number;
  readonly skipped: number;
  readonly dead_lettered: number;
  readonly expired: number;
  readonly gold: number;
  readonly disagreement: number;
  readonly low_confidence: number;
  readonly erased: number;
  readonly pending: number;
  readonly label_rows: number;
  readonly live: number;
  readonly superseded: number;
  readonly withdrawn: number;
  readonly withdrawals: number;
  readonly duplicate_rows: number;
  readonly rejected_rows: number;
  readonly waiting_rows: number;
  readonly rows_under_way: number;
}

/** The equations of the account, each a whole and its parts. */
const equations: readonly (readonly [whole: keyof Account, parts: readonly (keyof Account)[]])[] = [
  ['received', ['accepted', 'duplicate', 'skipped', 'dead_lettered']],
  ['accepted', ['documents']],
  ['documents', ['gold', 'disagreement', 'low_confidence', 'erased', 'pending']],
  [
    'label_rows',
    [
      'live',
      'superseded',
      'withdrawn',
      'withdrawals',
      'duplicate_rows',
      'rejected_rows',
      'waiting_rows',
      'rows_under_way',
    ],
  ],
];

/** A sentence for every equation that does not hold, and for every part that cannot be; none when the account adds up. */
export function faultsOfAccount(account: Account): readonly string[] {
  const unequal = equations.flatMap(([whole, parts]) => {
    const sum = parts.reduce((total, part) => total + account[part], 0);
    return account[whole] === sum ? [] : [`${whole} is ${account[whole]}, but ${parts.join(' + ')} is ${sum}`];
  });
  const negative = Object.entries(account).flatMap(([name, value]) => (value < 0 ? [`${name} is ${value}`] : []));
  const lost = account.expired > 0 ? [`${account.expired} tickets expired before they were read`] : [];
  return [...unequal, ...negative, ...lost];
}

/** Postgres answers bigint columns as text. */
export const accountOf = (row: Readonly<Record<string, string | number>>): Account =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])) as unknown as Account;
