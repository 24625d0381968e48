import { describe, expect, it } from 'vitest';
import { headers } from '../contracts/headers.ts';
import { lanes } from '../contracts/lanes.ts';
import { PipelineError } from '../errors/pipeline-error.ts';
import { deadLettered } from './outcome.ts';
import type { SourceRecord } from './record.ts';
import { sourceRecord } from '../testing/source-record.ts';
import { createDeadLetterWriter, deadLetterMessage, sizeOf } from './dead-letters.ts';
import type { OutgoingMessage, TopicWriter } from './topic-writer.ts';

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

  it('keeps a header without a value', () => {
    const message = deadLetterMessage(refusalOf({ headers: { one: null, many: [null, 'b'] } }), 'ingest', AT);
    expect(message.headers).toMatchObject({ one: null, many: [null, 'b'] });
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
    const bytes = (message: Partial<OutgoingMessage>) => sizeOf(message) - empty;
    expect(bytes({ key: 'ab', value: Buffer.alloc(100) })).toBe(102);
    expect(bytes({ value: 'é' })).toBe(2);
    expect(bytes({ value: null, headers: { name: 'value' } })).toBeGreaterThanOrEqual('namevalue'.length);
    expect(bytes({ value: null, headers: { name: ['value', 'value'] } })).toBe(
      2 * bytes({ value: null, headers: { name: 'value' } }),
    );
  });
});

describe('writing dead letters', () => {
  function given({ failure = null }: { failure?: Error | null } = {}) {
    const sent: { readonly topic: string; readonly messages: readonly OutgoingMessage[] }[] = [];
    const spilled: SourceRecord[] = [];
    const writer: TopicWriter = {
      async write({ name }, messages) {
        if (failure !== null) throw failure;
        sent.push({ topic: name, messages });
      },
    };
    const spill = async (record: SourceRecord) => {
      spilled.push(record);
      return `blob-of-${record.offset}`;
    };
    return { sent, spilled, writer, letters: createDeadLetterWriter(writer, contract, spill) };
  }

  it('is one write for all of them, in their order', async () => {
    const { sent, letters } = given();
    await letters.write([refusalOf({ offset: 1n }), refusalOf({ offset: 2n })]);
    const offsets = sent.map(({ topic, messages }) => [
      topic,
      ...messages.map(({ headers: of }) => of![names.sourceOffset]),
    ]);
    expect(offsets).toEqual([[contract.deadLetters.name, '1', '2']]);
  });

  it('that fails fails the batch, with the error as it is', async () => {
    const failure = new PipelineError('DEPENDENCY_UNAVAILABLE', 'writing to ingest.dlq: reset', {
      dependency: 'kafka',
    });
    await expect(given({ failure }).letters.write([refusalOf({})])).rejects.toBe(failure);
  });

  it('the largest message of the source topic fits, headers and all', async () => {
    const { spilled, letters } = given();
    await letters.write([refusalOf({ value: Buffer.alloc(contract.topic.maxMessageBytes - 1024) })]);
    expect(spilled).toEqual([]);
  });

  it('what does not fit goes to the sealed store, and the letter says where', async () => {
    const { sent, spilled, letters } = given();
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
    const { sent, spilled, letters } = given();
    await letters.write([refusalOf({ headers: { huge: Buffer.alloc(contract.deadLetters.maxMessageBytes) } })]);
    expect(spilled).toHaveLength(1);
    expect(sizeOf(sent[0]!.messages[0]!)).toBeLessThan(4096);
  });

  it('a letter whose blob cannot be written is not sent', async () => {
    const { sent, writer } = given();
    const letters = createDeadLetterWriter(writer, contract, () => Promise.reject(new Error('no blob')));
    await expect(
      letters.write([refusalOf({ value: Buffer.alloc(contract.deadLetters.maxMessageBytes) })]),
    ).rejects.toThrow('no blob');
    expect(sent).toEqual([]);
  });
});
