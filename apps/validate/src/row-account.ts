/** rows = live + superseded + duplicate + rejected, always (label-rules 10). */
export interface RowAccount {
  readonly rows: number;
  readonly live: number;
  readonly superseded: number;
  readonly duplicate: number;
  readonly rejected: number;
}
