import kafkajs, { type Message, type ProducerRecord } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { headers } from '../contracts/headers.ts';
import { lanes } from '../contracts/lanes.ts';
import { PipelineError } from '../errors/pipeline-error.ts';
import { deadLettered } from './outcome.ts';
import type { SourceRecord } from './record.ts';
import { sourceRecord } from '../testing/source-record.ts';
import { createDeadLetterWriter, deadLetterMessage, sizeOf } from './dead-letters.ts';

const AT = new Date('2026-11-21T10:00:00.000Z');
const contract = lanes.tickets;
const names = headers.deadLetter;
const outcome = deadLettered('CONTRACT_VIOLATED', 'text: is empty');
const refusalOf = (record: Partial<SourceRecord>) => ({ record: sourceRecord(record), step: 'decodeTicket', outcome });

describe('a dead letter', () => {
  it('is the message as it came, with what is enough to replay it without the logs', () => {
    const record = {
      topic: 'tickets.raw.v1',
      partition: 3,
      offset: 9007199254740993n,
      key: Buffer.from([0xff, 0x00]),
      value: Buffer.from([0xc3, 0x28]),
      headers: { 'assay-version': Buffer.from('1'), trace: [Buffer.from('a'), Buffer.from('b')] },
    };
    expect(deadLetterMessage(refusalOf(record), 'ingest', AT)).toEqual({
      key: record.key,
      value: record.value,
      headers: {
        'assay-version': Buffer.from('1'),
        trace: [Buffer.from('a'), Buffer.from('b')],
        'dlq-code': 'CONTRACT_VIOLATED',
        'dlq-reason': 'text: is empty',
        'dlq-step': 'decodeTicket',
        'dlq-service': 'ingest',
        'dlq-source-topic': 'tickets.raw.v1',
        'dlq-source-partition': '3',
        'dlq-source-offset': '9007199254740993',
        'dlq-at': '2026-11-21T10:00:00.000Z',
        'dlq-attempt': '1',
      },
    });
  });

  it('keeps a missing key and a missing value missing', () => {
    expect(deadLetterMessage(refusalOf({ key: null, value: null }), 'ingest', AT)).toMatchObject({
      key: null,
      value: null,
    });
  });

  it('gives a header without a value an empty one, because kafkajs throws at null', () => {
    const message = deadLetterMessage(refusalOf({ headers: { one: null, many: [null, 'b'] } }), 'ingest', AT);
    expect(message.headers).toMatchObject({ one: '', many: ['', 'b'] });
    expect(sizeOf(message)).toBeGreaterThan(0);
  });

  it('counts from the start when the attempt it came with is no number', () => {
    const letter = deadLetterMessage(refusalOf({ headers: { [names.attempt]: 'many' } }), 'ingest', AT);
    expect(letter.headers).toMatchObject({ [names.attempt]: '1' });
  });

  it('counts how often it was refused: a replayed one that fails again is attempt 2', () => {
    const first = deadLetterMessage(refusalOf({}), 'ingest', AT);
    const replayed = deadLetterMessage(refusalOf({ headers: first.headers ?? {}, offset: 77n }), 'ingest', AT);
    expect(replayed.headers).toMatchObject({ [names.attempt]: '2', [names.sourceOffset]: '77' });
  });
});

describe('the size of a message', () => {
  it('counts key, value, and every header with its name', () => {
    const empty = sizeOf({ key: null, value: null });
    const bytes = (message: Message) => sizeOf(message) - empty;
    expect(bytes({ key: 'ab', value: Buffer.alloc(100) })).toBe(102);
    expect(bytes({ value: 'é' })).toBe(2);
    expect(bytes({ value: null, headers: { name: 'value' } })).toBeGreaterThanOrEqual('namevalue'.length);
    expect(bytes({ value: null, headers: { name: ['value', 'value'] } })).toBe(
      2 * bytes({ value: null, headers: { name: 'value' } }),
    );
  });
});

describe('writing dead letters', () => {
  function writer({ send = async () => {} }: { send?: () => Promise<void> } = {}) {
    const sent: ProducerRecord[] = [];
    const spilled: SourceRecord[] = [];
    const producer = {
      send: async (record: ProducerRecord) => {
        await send();
        sent.push(record);
        return [];
      },
    };
    const spill = async (record: SourceRecord) => {
      spilled.push(record);
      return `blob-of-${record.offset}`;
    };
    return { sent, spilled, letters: createDeadLetterWriter(producer, contract, spill) };
  }

  it('waits for all replicas, one send for each message: together they could pass the limit each of them respects', async () => {
    const { sent, letters } = writer();
    await letters.write([refusalOf({ offset: 1n }), refusalOf({ offset: 2n })]);
    expect(sent.map(({ topic, acks, messages }) => [topic, acks, messages.length])).toEqual([
      [contract.deadLetters.name, -1, 1],
      [contract.deadLetters.name, -1, 1],
    ]);
  });

  it('a broker out of reach is an outage of Kafka, for the lane to wait for', async () => {
    const reset = new kafkajs.KafkaJSConnectionError('reset');
    const { letters } = writer({ send: () => Promise.reject(reset) });
    const failure = (await letters.write([refusalOf({})]).catch((error: unknown) => error)) as PipelineError;
    expect(failure).toBeInstanceOf(PipelineError);
    expect(failure).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', dependency: 'kafka', cause: reset });
    expect(failure.message).toBe('writing a dead letter to ingest.dlq: reset');
  });

  it('a bug passes as it is', async () => {
    const { letters } = writer({ send: () => Promise.reject(new TypeError('a bug')) });
    await expect(letters.write([refusalOf({})])).rejects.toThrow(TypeError);
  });

  it('the largest message of the source topic fits, headers and all', async () => {
    const { spilled, letters } = writer();
    await letters.write([refusalOf({ value: Buffer.alloc(contract.topic.maxMessageBytes - 1024) })]);
    expect(spilled).toEqual([]);
  });

  it('what does not fit goes to the sealed store, and the letter says where', async () => {
    const { sent, spilled, letters } = writer();
    const large = refusalOf({
      offset: 5n,
      value: Buffer.alloc(contract.deadLetters.maxMessageBytes),
      headers: { trace: Buffer.from('kept in the blob') },
    });
    await letters.write([large]);

    expect(spilled).toEqual([large.record]);
    const letter = sent[0]!.messages[0]!;
    expect(letter.value).toBeNull();
    expect(letter.key).toEqual(large.record.key);
    expect(letter.headers).toMatchObject({ [names.spilledTo]: 'blob-of-5', [names.code]: 'CONTRACT_VIOLATED' });
    expect(letter.headers).not.toHaveProperty('trace');
  });

  it('headers can be what makes it too large', async () => {
    const { sent, spilled, letters } = writer();
    await letters.write([refusalOf({ headers: { huge: Buffer.alloc(contract.deadLetters.maxMessageBytes) } })]);
    expect(spilled).toHaveLength(1);
    expect(sizeOf(sent[0]!.messages[0]!)).toBeLessThan(4096);
  });

  it('a letter whose blob cannot be written is not sent', async () => {
    const sent: unknown[] = [];
    const producer = { send: async (record: unknown) => (sent.push(record), []) };
    const letters = createDeadLetterWriter(producer, contract, () => Promise.reject(new Error('no blob')));
    await expect(
      letters.write([refusalOf({ value: Buffer.alloc(contract.deadLetters.maxMessageBytes) })]),
    ).rejects.toThrow('no blob');
    expect(sent).toEqual([]);
  });
});
