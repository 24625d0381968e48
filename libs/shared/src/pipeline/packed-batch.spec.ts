import { describe, expect, it } from 'vitest';
import { headers } from '../contracts/headers.ts';
import { sourceRecord } from '../testing/source-record.ts';
import { accepted } from './outcome.ts';
import { sortOut } from './settle-batch.ts';
import { steps } from './step.ts';

const chain = steps(
  function takeAll(record: { offset: bigint }) {
    return accepted(record);
  },
  function takeAgain(record: { offset: bigint }) {
    return accepted(record);
  },
);

describe('a message that is a whole batch', () => {
  it('is a dead letter that tells which records it holds, whatever the steps of the lane are', () => {
    const record = { ...sourceRecord(), headers: { [headers.packedBatch]: Buffer.from('7 records, offsets 1 to 7') } };
    const { items, exits } = sortOut({ chain } as never, [record, sourceRecord()]);
    expect(items).toHaveLength(1);
    expect(exits).toEqual([
      {
        record,
        exit: {
          step: 'fetch',
          outcome: {
            kind: 'deadLettered',
            code: 'PAYLOAD_TOO_LARGE',
            detail: 'a batch was not unpacked, its value is the batch as it came: 7 records, offsets 1 to 7',
          },
        },
      },
    ]);
  });
});
