import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { kafkaFields, laneFields } from '../config/fields.ts';
import { lanes } from '../contracts/lanes.ts';
import { roles } from '../contracts/roles.ts';
import { DEFAULT_PARTITIONS, topics } from '../contracts/topics.ts';
import { connectKafka, type KafkaConnection } from '../kafka/kafka-connection.ts';
import { withBackoff } from '../pipeline/backoff.ts';
import { createDeadLetterWriter } from '../pipeline/dead-letters.ts';
import { deadLettered } from '../pipeline/outcome.ts';
import type { SourceRecord } from '../pipeline/record.ts';
import { sourceRecord } from '../testing/source-record.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { letterFilter } from './letter-filter.ts';
import { mappingOf } from './letter-mapping.ts';
import { createReplayBook } from './replay-book.ts';
import { replayLetters } from './replay-letters.ts';

const LETTERS = 300;

describe('a replay on a real broker', () => {
  let kafka: KafkaConnection;
  let database: TestDatabase;
  /** Topics of this spec's own; the real names belong to whoever runs beside us. */
  const deadLetters = { ...topics.ingestDeadLetters, name: `replay-spec-dlq-${randomUUID()}` };
  const target = { ...topics.ticketsRaw, name: `replay-spec-${randomUUID()}` };

  beforeAll(async () => {
    database = await createTestDatabase();
    const settings = z
      .object({ ...kafkaFields, ...laneFields })
      .parse({ KAFKA_BROKERS: inject('kafkaBrokers'), KAFKA_TOPIC_PROVISIONING: 'create' });
    kafka = connectKafka(settings, 'replay-spec', { debug() {}, info() {}, warn() {}, error() {} });
    await kafka.open();
    await withBackoff(() => kafka.ensureTopics([deadLetters, target], DEFAULT_PARTITIONS), {
      backoff: { firstDelayMs: 20, maxDelayMs: 200, giveUpAfterMs: 10_000 },
      stopping: new AbortController().signal,
      onRetry: async () => {},
    });
    const writer = createDeadLetterWriter(kafka.writer, { ...lanes.tickets, deadLetters }, async () => 'never');
    await writer.write(
      Array.from({ length: LETTERS }, (_, offset) => ({
        record: sourceRecord({
          topic: lanes.tickets.topic.name,
          offset: BigInt(offset),
          key: Buffer.from(`T-${offset}`),
          value: Buffer.from(`{"ticket_id":"T-${offset}","priority":"urgent"}`),
          headers: { trace: Buffer.from(String(offset)) },
        }),
        step: 'decodeTicket',
        outcome: deadLettered('CONTRACT_VIOLATED', 'priority: invalid'),
      })),
    );
  });
  afterAll(async () => {
    await kafka.close();
    await database.drop();
  });

  function replay({ conditions = [] as string[], again = false } = {}) {
    const writer = {
      write: (_: object, messages: Parameters<typeof kafka.writer.write>[1]) => kafka.writer.write(target, messages),
    };
    const book = createReplayBook(database.as(roles.console));
    const mapping = mappingOf(['priority:urgent=>1']);
    const settings = { filter: letterFilter(conditions), mapping, again, maxAttempts: 5 };
    return replayLetters({ scan: kafka.scan, book, writer }, [deadLetters.name], settings);
  }

  async function arrived(): Promise<readonly SourceRecord[]> {
    const all: SourceRecord[] = [];
    await kafka.scan(target.name, async (records) => void all.push(...records));
    return all;
  }

  it('sends the messages that are meant to their topic, changed, under their keys, with their headers', async () => {
    expect(await replay({ conditions: ['offset<=9'] })).toMatchObject({ letters: LETTERS, meant: 10, replayed: 10 });

    const messages = await arrived();
    expect(messages).toHaveLength(10);
    expect(messages.map(({ value }) => String(value))).toContain('{"ticket_id":"T-7","priority":1}');
    expect(messages.find(({ key }) => String(key) === 'T-7')!.headers).toMatchObject({
      trace: Buffer.from('7'),
      'dlq-attempt': Buffer.from('1'),
      'assay-replay-of': expect.anything(),
    });
  });

  it('sends the rest, each once, and then nothing', async () => {
    expect(await replay()).toMatchObject({ replayed: LETTERS - 10, left: { 'it was replayed before': 10 } });
    expect(await replay()).toMatchObject({ replayed: 0 });

    expect(new Set((await arrived()).map(({ key }) => String(key))).size).toBe(LETTERS);
    expect(await arrived()).toHaveLength(LETTERS);
    const { rows } = await database.admin.query(
      'select count(*)::integer as replays, count(sent_at)::integer as sent, sum(times)::integer as times from assay.replays',
    );
    expect(rows).toEqual([{ replays: LETTERS, sent: LETTERS, times: LETTERS }]);
  });

  it('sends one again that was begun and never confirmed, when whoever began it has had time enough', async () => {
    await database.admin.query(`update assay.replays set sent_at = null where letter like '%/0/5~%'`);
    expect(await replay({ conditions: ['offset=5'] })).toMatchObject({ replayed: 0 });
    await database.admin.query(`update assay.replays set begun_at = now() - interval '2 minutes'`);
    expect(await replay({ conditions: ['offset=5'] })).toMatchObject({ replayed: 1 });
  });

  it('sends one again when it is asked to, and remembers how often', async () => {
    expect(await replay({ conditions: ['offset=6'], again: true })).toMatchObject({ replayed: 1 });
    const { rows } = await database.admin.query(`select times from assay.replays where letter like '%/0/6~%'`);
    expect(rows).toEqual([{ times: 2 }]);
  });
});
