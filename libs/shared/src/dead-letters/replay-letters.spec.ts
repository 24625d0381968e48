import { beforeEach, describe, expect, it } from 'vitest';
import { lanes } from '../contracts/lanes.ts';
import { deadLetterMessage } from '../pipeline/dead-letters.ts';
import { deadLettered } from '../pipeline/outcome.ts';
import type { SourceRecord } from '../pipeline/record.ts';
import type { OutgoingMessage } from '../pipeline/topic-writer.ts';
import { sourceRecord } from '../testing/source-record.ts';
import { letterFilter } from './letter-filter.ts';
import { mappingOf } from './letter-mapping.ts';
import type { Replay, ReplaySettings } from './plan-replay.ts';
import type { ReplayBook } from './replay-book.ts';
import { replayLetters } from './replay-letters.ts';

const { topic, deadLetters } = lanes.tickets;
const outcome = deadLettered('CONTRACT_VIOLATED', 'priority: invalid');

/** The letter about the message at `offset`. */
function letterOf(offset: number, given: Partial<SourceRecord> = {}): SourceRecord {
  const record = sourceRecord({
    topic: topic.name,
    offset: BigInt(offset),
    value: Buffer.from(`{"n":${offset}}`),
    ...given,
  });
  const { headers = {} } = deadLetterMessage({ record, step: 'decodeTicket', outcome }, 'ingest', new Date(0));
  return { ...record, topic: deadLetters.name, offset: BigInt(offset + 100), headers };
}

let sent: OutgoingMessage[];
let booked: Set<string>;
let confirmed: Set<string>;
beforeEach(() => {
  [sent, booked, confirmed] = [[], new Set(), new Set()];
});

const book: ReplayBook = {
  freshOf: async (replays, again) => replays.filter(({ letter }) => again || !confirmed.has(letter.id)),
  begin: async (replays) => {
    for (const { letter } of replays) booked.add(letter.id);
    return replays;
  },
  confirm: async (replays) => {
    for (const { letter } of replays) confirmed.add(letter.id);
  },
};
const writer = { write: async (_: object, messages: readonly OutgoingMessage[]) => void sent.push(...messages) };

function replay(
  records: readonly SourceRecord[],
  given: Partial<ReplaySettings> = {},
  preview?: (one: Replay) => void,
) {
  const scan = async (_: string, onRecords: (some: readonly SourceRecord[]) => Promise<void>) => {
    for (let at = 0; at < records.length; at += 2) await onRecords(records.slice(at, at + 2));
    return true;
  };
  const settings = { filter: letterFilter([]), mapping: mappingOf([]), again: false, maxAttempts: 5, ...given };
  return replayLetters({ scan, book, writer }, [deadLetters.name], settings, preview);
}

describe('a replay', () => {
  it('sends each message as it was, saying which letter it is from and how often it was refused', async () => {
    const report = await replay([letterOf(1, { headers: { trace: 'kept' } }), letterOf(2)]);
    expect(report).toEqual({ letters: 2, meant: 2, replayed: 2, mapped: 0, left: {}, unknown: 0 });
    expect(sent[0]).toEqual({
      key: Buffer.from('key'),
      value: Buffer.from('{"n":1}'),
      headers: { trace: 'kept', 'dlq-attempt': '1', 'assay-replay-of': `${deadLetters.name}/0/101` },
    });
  });

  it('sends nothing twice, though letters repeat, unless it is asked to', async () => {
    const records = [letterOf(1), { ...letterOf(1), offset: 500n }, letterOf(2)];
    expect(await replay(records)).toMatchObject({ letters: 2, replayed: 2 });
    expect(await replay(records)).toMatchObject({ replayed: 0, left: { 'it was replayed before': 2 } });
    expect(await replay(records, { again: true })).toMatchObject({ replayed: 2, left: {} });
    expect(sent).toHaveLength(4);
  });

  it('books before it sends, and sends again what was never confirmed', async () => {
    writer.write = async () => Promise.reject(new Error('the broker is gone'));
    await expect(replay([letterOf(1)])).rejects.toThrow('the broker is gone');
    expect([booked.size, confirmed.size]).toEqual([1, 0]);
    writer.write = async (_: object, messages) => void sent.push(...messages);
    expect(await replay([letterOf(1)])).toMatchObject({ replayed: 1 });
  });

  it('passes over a topic that is not there yet, but says so where none is', async () => {
    const settings = { filter: letterFilter([]), mapping: mappingOf([]), again: false, maxAttempts: 5 };
    const scan = async (name: string) => name === 'there';
    const replayFrom = (...names: string[]) => replayLetters({ scan, book, writer }, names, settings);
    expect(await replayFrom('there', 'later')).toMatchObject({ letters: 0 });
    await expect(replayFrom('mistyped')).rejects.toThrow('there is no topic mistyped');
  });

  it('takes those that are meant, changed as asked for', async () => {
    const report = await replay([letterOf(1), letterOf(2), letterOf(3, { value: Buffer.from('{') })], {
      filter: letterFilter(['offset>=2']),
      mapping: mappingOf(['n:2=>two']),
    });
    expect(report).toMatchObject({
      letters: 3,
      meant: 2,
      replayed: 1,
      mapped: 1,
      left: { 'the mapping does not fit it': 1 },
    });
    expect(sent.map(({ value }) => String(value))).toEqual(['{"n":"two"}']);
  });

  it('shows what it would do, and does nothing', async () => {
    const shown: Replay[] = [];
    expect(await replay([letterOf(1), letterOf(2)], {}, (one) => shown.push(one))).toMatchObject({ replayed: 2 });
    expect([shown.length, sent.length, booked.size]).toEqual([2, 0, 0]);
  });

  it('never goes in a circle: a message that was refused too often stays', async () => {
    let record = sourceRecord({ topic: topic.name, value: Buffer.from('poison') });
    const rounds: object[] = [];
    for (let round = 1; round <= 5; round++) {
      const { left, replayed } = await replay([letterOf(round, { ...record, offset: BigInt(round) })]);
      rounds.push({ replayed, left });
      record = { ...record, headers: sent.at(-1)!.headers! };
    }
    expect(rounds).toEqual([
      ...Array.from({ length: 4 }, () => ({ replayed: 1, left: {} })),
      { replayed: 0, left: { 'it was refused too often': 1 } },
    ]);
    expect(sent).toHaveLength(4);
  });

  it('leaves what it cannot send: of no lane, in a blob, too large', async () => {
    const foreign = sourceRecord({ headers: { 'x-original-topic': 'elsewhere' } });
    const spilled = letterOf(1);
    const report = await replay([
      foreign,
      { ...spilled, headers: { ...spilled.headers, 'dlq-spilled-to': 'a blob' } },
      letterOf(2, { value: Buffer.alloc(topic.maxMessageBytes) }),
      sourceRecord(),
    ]);
    expect(report).toMatchObject({
      letters: 3,
      replayed: 0,
      unknown: 1,
      left: {
        'no lane reads the topic it came from': 1,
        'its message is in a blob': 1,
        'it is larger than its topic takes': 1,
      },
    });
  });

  it('sends a letter that others wrote, without their headers', async () => {
    const headers = { '__connect.errors.topic': topic.name, '__connect.errors.exception.message': 'x', trace: 'kept' };
    await replay([sourceRecord({ headers })]);
    expect(Object.keys(sent[0]!.headers!)).toEqual(['trace', 'dlq-attempt', 'assay-replay-of']);
  });
});
