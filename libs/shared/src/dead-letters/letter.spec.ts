import { describe, expect, it } from 'vitest';
import { lanes } from '../contracts/lanes.ts';
import { deadLetterMessage } from '../pipeline/dead-letters.ts';
import { deadLettered } from '../pipeline/outcome.ts';
import { sourceRecord } from '../testing/source-record.ts';
import { readLetter } from './letter.ts';

const ORIGINAL = sourceRecord({ topic: 'tickets', partition: 2, offset: 40n, headers: { trace: Buffer.from('kept') } });

/** As it lies in the topic of dead letters. */
const ours = (original = ORIGINAL) => {
  const outcome = deadLettered('CONTRACT_VIOLATED', 'priority: invalid');
  const { headers = {} } = deadLetterMessage(
    { record: original, step: 'decodeTicket', outcome },
    'ingest',
    new Date(0),
  );
  return sourceRecord({ topic: lanes.tickets.deadLetters.name, partition: 1, offset: 7n, headers });
};

describe('a letter of ours', () => {
  it('tells of its message, and has its headers without ours', () => {
    expect(readLetter(ours())).toMatchObject({
      at: 'ingest.dlq/1/7',
      source: { topic: 'tickets', partition: '2', offset: '40' },
      code: 'CONTRACT_VIOLATED',
      reason: 'priority: invalid',
      step: 'decodeTicket',
      service: 'ingest',
      attempt: 1,
      refusedAt: '1970-01-01T00:00:00.000Z',
      spilledTo: null,
      headers: { trace: Buffer.from('kept') },
    });
    expect(Object.keys(readLetter(ours())!.headers)).toEqual(['trace']);
  });

  it('counts on when its message was replayed before', () => {
    expect(readLetter(ours({ ...ORIGINAL, headers: { 'dlq-attempt': '3' } }))!.attempt).toBe(4);
  });

  it('is about the same message as another that a crash repeated, and about another where only the offset is the same', () => {
    const id = readLetter(ours())!.id;
    expect(readLetter({ ...ours(), offset: 8n })!.id).toBe(id);
    expect(readLetter({ ...ours(), value: Buffer.from('another') })!.id).not.toBe(id);
  });

  it('keeps headers that another system gave its message', () => {
    const headers = { 'x-original-topic': 'elsewhere' };
    expect(readLetter(ours({ ...ORIGINAL, headers }))).toMatchObject({ source: { topic: 'tickets' }, headers });
  });
});

describe('letters that others wrote', () => {
  const int = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  const long = (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(value);
    return bytes;
  };
  it.each([
    [
      'Kafka Connect',
      {
        '__connect.errors.topic': 'tickets',
        '__connect.errors.partition': '2',
        '__connect.errors.offset': '40',
        '__connect.errors.connector.name': 'sink',
        '__connect.errors.stage': 'VALUE_CONVERTER',
        '__connect.errors.exception.class.name': 'org.apache.kafka.connect.errors.DataException',
        '__connect.errors.exception.message': 'cannot read ann@example.com',
      },
      { code: 'DataException', step: 'VALUE_CONVERTER', service: 'sink' },
    ],
    [
      'Spring Cloud Stream',
      {
        'x-original-topic': 'tickets',
        'x-original-partition': int(2),
        'x-original-offset': long(40n),
        'x-exception-fqcn': 'java.lang.IllegalStateException',
        'x-exception-message': 'cannot read ann@example.com',
      },
      { code: 'IllegalStateException' },
    ],
    [
      'Spring for Kafka',
      {
        'kafka_dlt-original-topic': 'tickets',
        'kafka_dlt-original-partition': int(2),
        'kafka_dlt-original-offset': long(40n),
        'kafka_dlt-original-consumer-group': 'group',
        'kafka_dlt-exception-fqcn': 'a.B',
      },
      { code: 'B', service: 'group' },
    ],
  ])('%s: where from and what kind of error, without their words, which may quote the message', (_, theirs, told) => {
    const headers = Object.fromEntries(
      Object.entries({ trace: 'kept', ...theirs }).map(([n, v]) => [n, Buffer.from(v)]),
    );
    const letter = readLetter(sourceRecord({ headers }))!;
    expect(letter).toMatchObject({ source: { topic: 'tickets', partition: '2', offset: '40' }, attempt: 1, ...told });
    expect(Object.keys(letter.headers)).toEqual(['trace']);
    expect(JSON.stringify({ ...letter, value: null })).not.toContain('example.com');
  });

  it('carry our count on when they were replayed', () => {
    const headers = { 'x-original-topic': 'tickets', 'dlq-attempt': '2' };
    expect(readLetter(sourceRecord({ headers }))).toMatchObject({ attempt: 2, headers: {} });
  });

  it('are none where nothing says where from', () => {
    expect(readLetter(sourceRecord({ headers: { trace: 'kept' } }))).toBeNull();
  });
});
