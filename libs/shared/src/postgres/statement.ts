/** SQL with a name, so that Postgres parses and plans it once per connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** What may be asked inside a transaction, or outside of one, where each statement is its own. */
export interface Transaction {
  query<Row = unknown>(statement: Statement, values: readonly unknown[]): Promise<readonly Row[]>;
}
