import type { Admin, Consumer } from 'kafkajs';
import type { DeadLettered } from '../pipeline/outcome.ts';
import type { SourceRecord } from '../pipeline/record.ts';

/** The parts of kafkajs a lane uses; the fake broker of the specs implements the same. */
export type LaneConsumer = Pick<
  Consumer,
  'connect' | 'disconnect' | 'stop' | 'subscribe' | 'run' | 'seek' | 'commitOffsets' | 'on' | 'events'
>;
export type LaneAdmin = Pick<Admin, 'fetchTopicOffsets' | 'describeCluster'>;

export interface Refusal {
  readonly record: SourceRecord;
  readonly step: string;
  readonly outcome: DeadLettered;
}

export interface DeadLetterWriter {
  write(refusals: readonly Refusal[]): Promise<void>;
}

export interface LaneLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
