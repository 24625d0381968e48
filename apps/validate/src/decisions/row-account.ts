/** rows = live + superseded + duplicate + rejected, always (docs/label-rules.md#10-account). */
export interface RowAccount {
  readonly rows: number;
  readonly live: number;
  readonly superseded: number;
  readonly duplicate: number;
  readonly rejected: number;
}
