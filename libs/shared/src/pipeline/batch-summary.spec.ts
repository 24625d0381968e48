import { describe, expect, it } from 'vitest';
import { sourceRecord } from '../testing/source-record.ts';
import { summaryOf } from './batch-summary.ts';
import { deadLettered, skipped } from './outcome.ts';

describe('the summary of a batch', () => {
  it('groups the messages that left by where and how', () => {
    const record = sourceRecord();
    const refused = { record, exit: { step: 'decode', outcome: deadLettered('DECODE_FAILED', 'no json') } };
    const left = { record, exit: { step: 'filter', outcome: skipped('heartbeat') } };
    const sorted = {
      items: [
        { record, value: 'a' },
        { record, value: 'b' },
      ],
      exits: [refused, left, refused],
    };
    const batch = { key: { partition: 3 }, records: Array(5).fill(record) };
    expect(summaryOf('a lane', batch, sorted, 1, 0.5)).toEqual({
      lane: 'a lane',
      partition: 3,
      received: 5,
      accepted: 1,
      duplicate: 1,
      exits: [
        { step: 'decode', outcome: 'deadLettered', code: 'DECODE_FAILED', count: 2 },
        { step: 'filter', outcome: 'skipped', code: 'heartbeat', count: 1 },
      ],
      seconds: 0.5,
    });
  });
});
