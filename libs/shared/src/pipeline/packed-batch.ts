import { headers } from '../contracts/headers.ts';
import { deadLettered } from './outcome.ts';
import type { SourceRecord } from './record.ts';
import type { Exit } from './step.ts';

/** A batch of records that the source did not unpack comes as one message that says so; null for every other message. */
export function exitOfPackedBatch({ headers: found }: SourceRecord): Exit | null {
  const told = found[headers.packedBatch];
  if (told === undefined) return null;
  const reason = `a batch was not unpacked, its value is the batch as it came: ${String(told)}`;
  return { step: 'fetch', outcome: deadLettered('PAYLOAD_TOO_LARGE', reason.slice(0, 300)) };
}
