/** A table as its readers know it. Specs compare this with the migrated database, so neither can drift. */
export interface TableContract {
  readonly schema: string;
  readonly name: string;
  readonly purpose: string;
  readonly owner: string;
  readonly primaryKey: readonly string[];
  readonly columns: Readonly<Record<string, string>>;
  /** What Debezium sends out of this table; absent when it must never leave Postgres. */
  readonly changeEvents?: { readonly columns: readonly string[] };
}
