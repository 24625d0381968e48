import { type Account, accountOf } from '@assay/shared/contracts/account';
import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import type { FieldCount } from '../status/domain/agreement-view.ts';
import type { LedgerCounts } from '../status/domain/lane-lag.ts';

const statements = {
  account: { name: 'count-account', text: 'select * from lineage.account' },
  stages: { name: 'count-stages', text: 'select * from lineage.stages' },
  agreement: { name: 'count-agreement', text: 'select field, kind, key, n from lineage.agreement' },
  journey: { name: 'read-journey', text: 'select at, stop, event, detail from lineage.journey($1)' },
  lanes: {
    name: 'read-lanes',
    text: `
      select lane, partition, incarnation, next_offset, last_timestamp,
             received, accepted, duplicate, skipped, dead_lettered, gaps, expired
        from lineage.lanes`,
  },
} as const satisfies Record<string, Statement>;

export interface JourneyStop {
  readonly at: string;
  readonly stop: string;
  readonly event: string;
  readonly detail: unknown;
}

/** What the console reads of the database: the views of schema `lineage` and nothing else. */
export interface Lineage {
  account(): Promise<Account>;
  stages(): Promise<Readonly<Record<string, number>>>;
  agreement(): Promise<readonly FieldCount[]>;
  lanes(): Promise<readonly LedgerCounts[]>;
  /** In order of time; empty when there is no such document. */
  journey(docId: string): Promise<readonly JourneyStop[]>;
}

export const createLineage = (postgres: Pick<Transaction, 'query'>): Lineage => ({
  async account() {
    const [row] = await postgres.query<Record<string, string>>(statements.account, []);
    return accountOf(row!);
  },
  async stages() {
    const [row] = await postgres.query<Record<string, string>>(statements.stages, []);
    return Object.fromEntries(Object.entries(row!).map(([name, value]) => [name, Number(value)]));
  },
  agreement: () => postgres.query(statements.agreement, []),
  async lanes() {
    const rows = await postgres.query<Record<string, string | null>>(statements.lanes, []);
    return rows.map(ledgerCounts);
  },
  async journey(docId) {
    const rows = await postgres.query<Omit<JourneyStop, 'at'> & { readonly at: Date }>(statements.journey, [docId]);
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  },
});

/** bigint columns come as text. */
const ledgerCounts = ({ lane, ...rest }: Readonly<Record<string, string | null>>): LedgerCounts => ({
  lane: lane!,
  ...(Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name, value === null ? null : Number(value)]),
  ) as unknown as Omit<LedgerCounts, 'lane'>),
});
