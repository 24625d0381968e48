import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { headers } from '../contracts/headers.ts';
import {
  asItIs,
  FetchRoom,
  gunzip,
  headerBefore,
  type RefusedBatch,
  type Unpack,
  UNPACKED_MAX_BYTES,
} from './unpacked-batches.ts';

interface FetchedPartition {
  readonly partition: number;
  messages: object[];
}

interface FetchAnswer {
  readonly responses: readonly { readonly topicName: string; readonly partitions: readonly FetchedPartition[] }[];
}

interface FetchRequest {
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly object[] }[];
}

const kafkajs = createRequire(import.meta.url);
const { KafkaJSPartialMessageError } = kafkajs('kafkajs/src/errors.js') as {
  KafkaJSPartialMessageError: new (message: string) => Error;
};
const { Codecs, Types } = kafkajs('kafkajs/src/protocol/message/compression/index.js') as {
  Codecs: Record<number, () => object>;
  Types: { readonly None: number; readonly GZIP: number };
};

interface OneFetch {
  readonly room: FetchRoom;
  readonly refused: RefusedBatch[];
}

const fetches = new AsyncLocalStorage<OneFetch>();

/** kafkajs takes this error for a batch that the answer holds only in part: it keeps those before, and fetches this one again. */
const asCutOff = (): Error => new KafkaJSPartialMessageError('left to another fetch');

const boundedBy = (unpack: Unpack) => async (packed: Buffer) => {
  const fetch = fetches.getStore();
  const header = headerBefore(packed);
  if (fetch === undefined || header === null) return unpack(packed, UNPACKED_MAX_BYTES);
  const found = await fetch.room.unpack(packed, header, unpack);
  if (found.kind === 'unpacked') return found.bytes;
  if (found.kind === 'refused') fetch.refused.push(found.batch);
  throw asCutOff();
};

const gzip = Codecs[Types.GZIP]!();
const bounded = { ...gzip, decompress: boundedBy(gunzip) };
Codecs[Types.GZIP] = () => bounded;
// What is not packed goes the same way: of a batch of 150,000 records kafkajs makes one call with as many arguments.
const plain = { compress: asItIs, decompress: boundedBy(asItIs) };
Codecs[Types.None] = () => plain;

/**
 * kafkajs has no bound on what a batch unpacks to: 400 KiB of gzip took 2.6 GB and stopped the loop for seconds. A batch that is
 * too large reaches its lane as one message, at its last offset, with the batch as it came: the lane makes it a dead letter, and
 * the others go on. There is no hook for this, so the answer to a fetch is put right where every consumer gets it.
 */
const { prototype } = kafkajs('kafkajs/src/broker/index.js') as {
  prototype: { fetch: (request: FetchRequest) => Promise<FetchAnswer> };
};
const fetchAsKafkaJs = prototype.fetch;

prototype.fetch = async function fetchBounded(request) {
  const whole = newFetch();
  const answer = await fetches.run(whole, () => fetchAsKafkaJs.call(this, request));
  if (whole.refused.length === 0) return answer;
  // Which partition a batch is of is not said where it is unpacked; asked for alone, it can only be that one.
  const responses = [];
  for (const { topic, partitions } of request.topics)
    for (const partition of partitions) {
      const one = newFetch();
      const alone = { ...request, topics: [{ topic, partitions: [partition] }] };
      const found = await fetches.run(one, () => fetchAsKafkaJs.call(this, alone));
      const [refused] = one.refused;
      if (refused !== undefined) found.responses[0]!.partitions[0]!.messages.push(messageOf(refused));
      responses.push(...found.responses);
    }
  return { ...answer, responses };
};

const newFetch = (): OneFetch => ({ room: new FetchRoom(), refused: [] });

/** As kafkajs decodes a record. */
export const messageOf = ({
  first,
  last,
  records,
  timestamp,
  why,
  packed,
  producerId,
  inTransaction,
}: RefusedBatch) => ({
  magicByte: 2,
  attributes: 0,
  offset: String(last),
  timestamp: String(timestamp),
  key: null,
  value: packed,
  headers: { [headers.packedBatch]: Buffer.from(`${records} records, offsets ${first} to ${last}: ${why}`) },
  isControlRecord: false,
  batchContext: { producerId: String(producerId), inTransaction },
});
