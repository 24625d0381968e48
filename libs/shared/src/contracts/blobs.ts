/** Blob containers and the names inside them. Names are built here only, so a reader can always take them apart again. */
export const containers = {
  /** Raw lines, encrypted. Nobody but ingest may read it. */
  bronze: 'bronze',
} as const;

export interface OffsetRange {
  readonly topic: string;
  readonly partition: number;
  readonly first: bigint;
  readonly last: bigint;
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10).replaceAll('-', '/');

/** `at` is the record's own timestamp, never the clock: a batch that is tried again must find its first try's name. */
export const bronzeName = ({ topic, partition, first, last }: OffsetRange, at: Date): string =>
  `${dayOf(at)}/${topic}-${partition}/${first}-${last}`;

export const spillName = (topic: string, partition: number, offset: bigint, at: Date): string =>
  `dead-letters/${dayOf(at)}/${topic}-${partition}/${offset}`;
