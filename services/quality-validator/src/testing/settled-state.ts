import type { CountRow } from '@assay/agreement/count-rows';
import type { Verdict } from '@assay/labels/decide';
import type { DecidedField } from '@assay/shared/contracts/gold-line';
import type { Standing } from '../decisions/domain/standing.ts';

/** Everything the validator has written, as a test compares it; the same from memory and from Postgres. */
export interface SettledState {
  /** In order of document and version. */
  readonly decisions: readonly {
    readonly doc_id: string;
    readonly version: number;
    readonly verdict: Verdict;
    readonly fields: Readonly<Record<string, DecidedField>>;
  }[];
  /** Every distinct label row with how it stands; `row` is path#n. */
  readonly annotations: readonly {
    readonly annotation_id: string;
    readonly row: string;
    readonly status: Standing | null;
    readonly reason: string | null;
  }[];
  /** In order of writing. */
  readonly metrics: readonly { readonly annotation_id: string; readonly status: string; readonly reason: string }[];
  /** Summed over the shards, without what cancelled. */
  readonly counts: readonly (CountRow & { readonly field: string })[];
  readonly files: readonly {
    readonly path: string;
    readonly row_count: number;
    readonly duplicate_count: number;
    readonly withdrawn_count: number;
  }[];
  /** Rows that take something back: of different things, of the same, and no longer in their file. */
  readonly withdrawals: { readonly different: number; readonly repeats: number; readonly removed: number };
  readonly waiting: number;
  readonly rejected: readonly { readonly row: string; readonly reason: string }[];
}
