import { bridgeTables } from './tables/bridge-tables.ts';
import { ingestTables } from './tables/ingest-tables.ts';
import { outputTables } from './tables/output-tables.ts';
import { platformTables } from './tables/platform-tables.ts';
import type { TableContract } from './tables/table-contract.ts';
import { validatorTables } from './tables/validator-tables.ts';

export const tables = {
  ...ingestTables,
  ...bridgeTables,
  ...validatorTables,
  ...outputTables,
  ...platformTables,
} as const satisfies Record<string, TableContract>;

/** What the publication, Debezium's column.include.list and the CDC role's grants are all made from. */
export const changeEventTables: readonly (TableContract & { changeEvents: { columns: readonly string[] } })[] =
  Object.values(tables as Record<string, TableContract>).flatMap((table) =>
    table.changeEvents === undefined ? [] : [{ ...table, changeEvents: table.changeEvents }],
  );

export const PUBLICATION = 'assay';
