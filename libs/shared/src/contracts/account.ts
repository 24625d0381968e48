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

interface Term {
  readonly name: keyof Account;
  /** As people read it behind the number. */
  readonly words: string;
  /** Shown only where there is some. */
  readonly isRare?: true;
}

interface Equation {
  readonly title: string;
  readonly whole: Term;
  readonly parts: readonly Term[];
}

const term = (name: keyof Account, words: string = name): Term => ({ name, words });

/** The equations of the account, each a whole and its parts: checked, printed and shown from here. */
const equations: readonly Equation[] = [
  {
    title: 'tickets',
    whole: term('received'),
    parts: [term('accepted', 'documents'), term('duplicate'), term('skipped'), term('dead_lettered', 'dead letters')],
  },
  {
    title: 'documents',
    whole: term('documents', ''),
    parts: [
      term('gold'),
      term('disagreement'),
      term('low_confidence', 'low confidence'),
      term('pending'),
      { ...term('erased'), isRare: true },
    ],
  },
  {
    title: 'label rows',
    whole: term('label_rows', ''),
    parts: [
      term('live'),
      term('superseded'),
      term('withdrawn'),
      term('withdrawals'),
      term('duplicate_rows', 'duplicate'),
      term('rejected_rows', 'rejected'),
      term('waiting_rows', 'waiting'),
      term('rows_under_way', 'under way'),
    ],
  },
];

/** What the first equation calls documents is what ingest accepted; the second counts those that are there. */
const acceptedAreStored: Equation = { title: 'documents', whole: term('accepted'), parts: [term('documents')] };

export interface Sum {
  readonly title: string;
  /** The whole first, then its parts. */
  readonly terms: readonly { readonly count: number; readonly words: string }[];
}

/** The equations with their numbers, for people. */
export const sumsOf = (account: Account): readonly Sum[] =>
  equations.map(({ title, whole, parts }) => ({
    title,
    terms: [whole, ...parts.filter(({ name, isRare }) => isRare !== true || account[name] > 0)].map(
      ({ name, words }) => ({ count: account[name], words }),
    ),
  }));

/** A sentence for every equation that does not hold, and for every part that cannot be; none when the account adds up. */
export function faultsOfAccount(account: Account): readonly string[] {
  const unequal = [...equations, acceptedAreStored].flatMap(({ whole, parts }) => {
    const names = parts.map(({ name }) => name);
    const sum = names.reduce((total, name) => total + account[name], 0);
    const is = account[whole.name];
    return is === sum ? [] : [`${whole.name} is ${is}, but ${names.join(' + ')} is ${sum}`];
  });
  const negative = Object.entries(account).flatMap(([name, value]) => (value < 0 ? [`${name} is ${value}`] : []));
  const lost = account.expired > 0 ? [`${account.expired} tickets expired before they were read`] : [];
  return [...unequal, ...negative, ...lost];
}

/** Postgres answers bigint columns as text. */
export const accountOf = (row: Readonly<Record<string, string | number>>): Account =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])) as unknown as Account;
