import type { DeadLettered } from './outcome.ts';
import type { SourceRecord } from './record.ts';

/** A message that a step refused because of its own content. */
export interface Refusal {
  readonly record: SourceRecord;
  readonly step: string;
  readonly outcome: DeadLettered;
}

/** Keeps a message that no topic takes, and answers where. */
export type Spill = (record: SourceRecord) => Promise<string>;

/** Keeps refused messages for an operator. Resolves when they are safe; a failure fails the batch they came in. */
export interface DeadLetterWriter {
  write(refusals: readonly Refusal[]): Promise<void>;
}
