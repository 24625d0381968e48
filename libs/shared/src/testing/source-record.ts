import type { SourceRecord } from '../pipeline/record.ts';

/** A message as the lane sees it, with everything a spec does not care about filled in. */
export const sourceRecord = (given: Partial<SourceRecord> = {}): SourceRecord => ({
  topic: 'topic-of-a-spec',
  partition: 0,
  offset: 0n,
  timestamp: Date.UTC(2026, 10, 21, 9, 30),
  key: Buffer.from('key'),
  value: Buffer.from('value'),
  headers: {},
  ...given,
});
