import type { z } from 'zod';
import { accepted, deadLettered, type Outcome, skipped } from '../pipeline/outcome.ts';
import type { SourceRecord } from '../pipeline/record.ts';
import type { Step } from '../pipeline/step.ts';
import { readChangeEvent } from './read-change-event.ts';

export interface RowOptions {
  /** Columns of type json or jsonb: Debezium sends their text, and the schema sees what it says. */
  readonly json?: readonly string[];
}

/**
 * First step of a lane behind Debezium: the row of a change event by its schema, or why there is none. The tables it serves
 * are insert-only, so a delete or a truncation changes nothing that was done with the row; it is skipped and counted.
 */
export function readRow<T extends z.ZodObject>(
  schema: T,
  { json = [] }: RowOptions = {},
): Step<SourceRecord, z.output<T>> {
  return function readRow(record) {
    const event = readChangeEvent(record);
    if (event.kind === 'unreadable') return deadLettered('DECODE_FAILED', event.detail);
    if (event.kind !== 'row') return skipped(event.kind);
    const missing = event.unavailable.filter((column) => column in schema.shape);
    // Happens to updates only. The lane needs the value and the message does not have it.
    if (missing.length > 0)
      return deadLettered(
        'CONTRACT_VIOLATED',
        `${missing.join(', ')}: not in the change event (an update left it out)`,
      );
    return checkRow(schema, json, event.row);
  };
}

function checkRow<T extends z.ZodObject>(
  schema: T,
  jsonColumns: readonly string[],
  row: Readonly<Record<string, unknown>>,
): Outcome<z.output<T>> {
  const parsedJson: Record<string, unknown> = {};
  for (const column of jsonColumns) {
    const text = row[column];
    if (typeof text !== 'string') continue;
    try {
      parsedJson[column] = JSON.parse(text) as unknown;
    } catch {
      // The parser's words quote the text.
      return deadLettered('CONTRACT_VIOLATED', `${column}: is not JSON`);
    }
  }
  const result = schema.safeParse({ ...row, ...parsedJson });
  if (result.success) return accepted(result.data);
  const [issue] = result.error.issues;
  return deadLettered('CONTRACT_VIOLATED', `${issue?.path.join('.') || 'row'}: ${issue?.message ?? 'invalid'}`);
}
