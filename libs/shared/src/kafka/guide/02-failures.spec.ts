import kafkajs from 'kafkajs';
import { describe, expect, it, vi } from 'vitest';
import { PipelineError } from '../../errors/pipeline-error.ts';
import { LaneBed, outage } from '../testing/lane-bed.ts';

/**
 * Chapter 2 · Failures
 *
 * There are three kinds, and only three:
 *
 * - **It may pass** (Postgres, Kafka or blob storage does not answer; another transaction was in the way). The lane waits and
 *   tries the same effect again, longer each time, with heartbeats. When that takes too long the process ends and its
 *   supervisor starts it again. Nothing was committed.
 * - **The message is at fault**, provably. Its step has made it a dead letter (chapter 1). When the dead letter cannot be
 *   written, that is the first kind: the batch fails, nothing is booked. What no step foresaw and the write refuses is
 *   looked for by halves, until it stands alone and becomes a dead letter as well.
 * - **Anything else** is a bug. The process ends at once rather than guess: `onFatal`, once.
 *
 * None of these errors ever reaches kafkajs, which would retry a poison message for ever or die without a word.
 */
describe('failures that may pass', () => {
  it('an outage of Postgres is waited out, and the batch takes effect once', async () => {
    const bed = new LaneBed();
    bed.ledger.failNext(outage('postgres'), { times: 3 });
    bed.broker.send('one', 'two');

    await bed.drain();

    expect(bed.retries).toEqual(Array(3).fill('DEPENDENCY_UNAVAILABLE'));
    expect(bed.ledger.effects).toEqual(['one', 'two']);
    expect(await bed.account()).toMatchObject({ next: 2, received: 2, accepted: 2, duplicate: 0 });
    expect(bed.fatal).toEqual([]);
  });

  it('each wait says what is down, for which lane, and for how long', async () => {
    const bed = new LaneBed();
    bed.ledger.failNext(outage('postgres'));
    bed.broker.send('one');

    await bed.drain();

    expect(bed.lines.filter(({ level }) => level === 'warn')).toEqual([
      {
        level: 'warn',
        message: 'The lane waits and tries again.',
        fields: {
          lane: 'assay.ingest.tickets',
          code: 'DEPENDENCY_UNAVAILABLE',
          dependency: 'postgres',
          attempt: 1,
          delayMs: expect.any(Number),
          error: 'reaching postgres: connection refused',
        },
      },
    ]);
  });

  it('a dead letter is not written again because Postgres is down', async () => {
    const bed = new LaneBed();
    bed.ledger.failNext(outage('postgres'), { times: 3 });
    bed.broker.send('poison', 'one');

    await bed.drain();

    expect(bed.letterBox.letters).toHaveLength(1);
    expect(await bed.account()).toMatchObject({ received: 2, accepted: 1, deadLettered: 1 });
  });

  it('an outage of blob storage repeats only what is prepared there', async () => {
    const bed = new LaneBed();
    const prepared: (readonly string[])[] = [];
    bed.beforeEffects = async (words) => {
      prepared.push(words);
      if (prepared.length < 3) throw outage('blob');
    };
    bed.broker.send('poison', 'one');

    await bed.drain();

    expect(prepared).toEqual([['one'], ['one'], ['one']]);
    expect(bed.letterBox.letters).toHaveLength(1);
    expect(await bed.account()).toMatchObject({ next: 2, accepted: 1, deadLettered: 1 });
  });

  it('a deadlock inside the transaction rolls back and is tried again', async () => {
    const bed = new LaneBed();
    let tries = 0;
    bed.insideTransaction = async () => {
      if (++tries === 1) throw new PipelineError('WRITE_CONFLICT', 'inserting: SQLSTATE 40P01');
    };
    bed.broker.send('one', 'two');

    await bed.drain();

    expect(bed.retries).toEqual(['WRITE_CONFLICT']);
    expect(bed.ledger.effects).toEqual(['one', 'two']);
    expect(await bed.account()).toMatchObject({ next: 2, accepted: 2, duplicate: 0 });
  });

  it('many dead letters are written together, some at a time, and the group hears of us in between', async () => {
    const bed = new LaneBed();
    const story: string[] = [];
    const write = bed.letterBox.write.bind(bed.letterBox);
    vi.spyOn(bed.letterBox, 'write').mockImplementation(async (refusals) => {
      story.push(`${refusals.length} letters`);
      await write(refusals);
    });
    const heartbeat = bed.broker.heartbeat.bind(bed.broker);
    vi.spyOn(bed.broker, 'heartbeat').mockImplementation((...args) => {
      story.push('heartbeat');
      heartbeat(...args);
    });
    bed.broker.send(...Array.from({ length: 250 }, (_, n) => `poison ${n}`));

    await bed.drain({ batchSize: 250 });

    const told = story.slice(story.indexOf('100 letters'), story.indexOf('50 letters') + 1);
    expect(told).toEqual(['100 letters', 'heartbeat', '100 letters', 'heartbeat', '50 letters']);
    expect(bed.letterBox.letters).toHaveLength(250);
    expect(await bed.account()).toMatchObject({ next: 250, deadLettered: 250 });
  });

  it('Kafka out of reach while the log is looked at is an outage like any other', async () => {
    const bed = new LaneBed();
    vi.spyOn(bed.broker.admin, 'describeCluster').mockRejectedValueOnce(new kafkajs.KafkaJSConnectionError('refused'));
    bed.broker.send('one');

    await bed.drain();

    expect(bed.retries).toEqual(['DEPENDENCY_UNAVAILABLE']);
    expect(await bed.account()).toMatchObject({ next: 1, accepted: 1 });
    expect(bed.fatal).toEqual([]);
  });

  it('an outage that does not pass ends the lane: onFatal once, nothing booked, nothing committed', async () => {
    const bed = new LaneBed();
    bed.ledger.failNext(outage('postgres'), { times: 1_000 });
    bed.broker.send('one');

    await bed.drain({ backoff: { giveUpAfterMs: 5 } });

    expect(bed.fatal).toEqual([outage('postgres')]);
    expect(bed.retries.length).toBeGreaterThan(0);
    expect(bed.ledger.effects).toEqual([]);
    expect(await bed.account()).toMatchObject({ next: 0, received: 0 });
    expect(bed.committed()).toBe(0);
  });

  it('the next start finds everything as it was and does it', async () => {
    const bed = new LaneBed();
    bed.ledger.failNext(outage('postgres'));
    bed.broker.send('one', 'poison', 'two');
    await bed.drain({ backoff: { giveUpAfterMs: 0 } });
    expect(bed.fatal).toHaveLength(1);

    await bed.drain({ batchSize: 1 });

    expect(bed.ledger.effects).toEqual(['one', 'two']);
    expect(await bed.account()).toMatchObject({ next: 3, received: 3, accepted: 2, deadLettered: 1 });
    expect(bed.committed()).toBe(3);
  });
});

describe('a dead-letter topic that takes nothing', () => {
  it('stops the batch before any effect; nothing is booked and nothing committed', async () => {
    const bed = new LaneBed();
    bed.letterBox.failNext(outage('kafka'), 1_000);
    bed.broker.send('one', 'poison', 'two');

    await bed.drain({ backoff: { giveUpAfterMs: 5 } });

    expect(bed.fatal).toEqual([outage('kafka')]);
    expect(bed.ledger.effects).toEqual([]);
    expect(await bed.account()).toMatchObject({ next: 0, received: 0, deadLettered: 0 });
    expect(bed.committed()).toBe(0);
  });

  it('is waited for, and what an earlier write has left there is not written again', async () => {
    const bed = new LaneBed();
    const write = bed.letterBox.write.bind(bed.letterBox);
    const writes = vi.spyOn(bed.letterBox, 'write');
    writes.mockImplementationOnce(write);
    writes.mockRejectedValueOnce(outage('kafka'));
    bed.broker.send(...Array.from({ length: 150 }, (_, n) => `poison ${n}`), 'one');

    await bed.drain({ batchSize: 151 });

    const offsets = bed.letterBox.letters.map(({ record }) => Number(record.offset));
    expect(offsets).toEqual(Array.from({ length: 150 }, (_, n) => n));
    expect(await bed.account()).toMatchObject({ next: 151, accepted: 1, deadLettered: 150 });
  });
});

describe('a message that only the write refuses', () => {
  const refusing = (...poison: string[]) => {
    const bed = new LaneBed();
    bed.insideTransaction = async (words) => {
      if (words.some((word) => poison.includes(word)))
        throw new PipelineError('PAYLOAD_TOO_LARGE', 'inserting words: SQLSTATE 54000');
    };
    return bed;
  };

  it('becomes a dead letter; those before and after it take effect once, and a next start finds nothing to do', async () => {
    const bed = refusing('four');
    bed.broker.send('one', 'poison', 'two', 'heartbeat', 'three', 'four', 'five');

    await bed.drain();
    await bed.drain();

    expect(bed.fatal).toEqual([]);
    expect(bed.ledger.effects).toEqual(['one', 'two', 'three', 'five']);
    expect(bed.letterBox.letters).toMatchObject([
      { record: { offset: 1n }, step: 'readWord' },
      {
        record: { offset: 5n },
        step: 'write',
        outcome: { code: 'PAYLOAD_TOO_LARGE', detail: 'the write refused it: inserting words: SQLSTATE 54000' },
      },
    ]);
    expect(await bed.account()).toMatchObject({ next: 7, received: 7, accepted: 4, skipped: 1, deadLettered: 2 });
    expect(bed.committed()).toBe(7);
    expect(bed.summaries).toMatchObject([{ received: 7, accepted: 4, duplicate: 0 }]);
    expect(bed.summaries[0]!.exits).toContainEqual({
      step: 'write',
      outcome: 'deadLettered',
      code: 'PAYLOAD_TOO_LARGE',
      count: 1,
    });
  });

  it.each([
    ['the first', ['one']],
    ['the last', ['three']],
    ['two neighbours', ['one', 'two']],
    ['all of them', ['one', 'two', 'three']],
  ])('may be %s', async (_, poison) => {
    const bed = refusing(...poison);
    bed.broker.send('one', 'two', 'three');

    await bed.drain();

    expect(bed.letterBox.letters.map(({ record }) => record.value!.toString())).toEqual(poison);
    expect(bed.ledger.effects).toEqual(['one', 'two', 'three'].filter((word) => !poison.includes(word)));
    expect(await bed.account()).toMatchObject({ next: 3, received: 3, deadLettered: poison.length });
  });

  it('is found again after a crash between the halves, and nothing takes effect twice', async () => {
    const bed = refusing('four');
    bed.broker.send('one', 'two', 'three', 'four');
    bed.endAt = 'transactionOpen';
    await bed.drain();
    expect(bed.fatal).toEqual([new Error('ended at transactionOpen')]);

    await bed.drain();

    expect(bed.ledger.effects).toEqual(['one', 'two', 'three']);
    expect(await bed.account()).toMatchObject({ next: 4, received: 4, accepted: 3, deadLettered: 1 });
  });

  it('ends the lane when it is the ledger that refuses: that is nobody’s message', async () => {
    const bed = new LaneBed();
    const refusal = new PipelineError('CONTRACT_VIOLATED', 'advance offset ledger: SQLSTATE 23514');
    bed.ledger.failNext(refusal, { times: 1_000 });
    bed.broker.send('one', 'two');

    await bed.drain();

    expect(bed.fatal).toEqual([refusal]);
    expect(bed.letterBox.letters).toEqual([]);
    expect(await bed.account()).toMatchObject({ next: 0, received: 0 });
  });
});

describe('anything else', () => {
  it('a bug in a step ends the lane at once: no retry, no dead letter, nothing booked', async () => {
    const bed = new LaneBed();
    bed.broker.send('one', 'bug', 'poison');

    await bed.drain();

    expect(bed.fatal).toEqual([new TypeError('a bug in a step')]);
    expect(bed.retries).toEqual([]);
    expect(bed.letterBox.letters).toEqual([]);
    expect(bed.ledger.effects).toEqual([]);
    expect(await bed.account()).toMatchObject({ next: 0, received: 0 });
    expect(bed.committed()).toBe(0);
  });

  it('an error without a class is a bug too, even when trying again might have helped', async () => {
    const bed = new LaneBed();
    bed.beforeEffects = async () => Promise.reject(new Error('something unheard of'));
    bed.broker.send('one');

    await bed.drain();

    expect(bed.fatal).toEqual([new Error('something unheard of')]);
    expect(bed.retries).toEqual([]);
    expect(await bed.account()).toMatchObject({ next: 0, received: 0 });
  });

  it('onFatal is called once, also when several partitions fail together', async () => {
    const bed = new LaneBed({ partitions: 3 });
    for (const log of bed.broker.logs) log.append('bug');

    await bed.drain({ concurrency: 3 });

    expect(bed.fatal).toEqual([new TypeError('a bug in a step')]);
  });

  it('no other partition goes on after it', async () => {
    const bed = new LaneBed({ partitions: 3 });
    bed.broker.logs[0]!.append('bug 1');
    bed.broker.logs[1]!.append('bug 2');
    bed.broker.logs[2]!.append('one');

    await bed.drain({ concurrency: 1 });

    expect(bed.fatal).toHaveLength(1);
    expect(bed.ledger.effects).toEqual([]);
    expect([0, 1, 2].map((partition) => bed.committed(partition))).toEqual([0, 0, 0]);
  });
});

describe('failures of the group', () => {
  it('a commit that does not reach the group loses nothing: the ledger has it, the next commit tells', async () => {
    const bed = new LaneBed();
    const { stop } = await bed.start();
    await bed.broker.quiet();
    vi.spyOn(bed.broker, 'commit').mockImplementationOnce(() => {
      throw new kafkajs.KafkaJSConnectionError('reset');
    });
    bed.broker.send('one');
    await bed.broker.quiet();
    expect(await bed.account()).toMatchObject({ next: 1, accepted: 1 });
    expect(bed.committed()).toBe(0);

    bed.broker.send('two');
    await bed.broker.quiet();
    await stop();

    expect(bed.committed()).toBe(2);
    expect(bed.ledger.effects).toEqual(['one', 'two']);
    expect(bed.fatal).toEqual([]);
  });

  it('a consumer that kafkajs gives up for good ends the process, which would otherwise live on and read nothing', async () => {
    const bed = new LaneBed();
    const { consumer, stop } = await bed.start();

    consumer.crash(new TypeError('a bug in kafkajs'), false);

    expect(bed.fatal).toEqual([new TypeError('a bug in kafkajs')]);
    await stop();
  });

  it.each([
    ['calls an outage final', new kafkajs.KafkaJSNonRetriableError('Failed to find group coordinator')],
    [
      'gives up after its own retries',
      new kafkajs.KafkaJSNonRetriableError(new kafkajs.KafkaJSConnectionError('reset')),
    ],
  ])('a consumer that kafkajs leaves dead because it %s is run again', async (_, error) => {
    const bed = new LaneBed();
    const { consumer, stop } = await bed.start();
    consumer.crash(error, false);
    bed.broker.send('one');
    await vi.waitUntil(() => bed.ledger.effects.length > 0);

    expect(bed.logged('warn')).toEqual(['Kafka is out of reach; the consumer starts again.']);
    expect(bed.fatal).toEqual([]);
    await stop();
  });

  it('a bug stays a bug however kafkajs wraps it', async () => {
    const bed = new LaneBed();
    const { consumer, stop } = await bed.start();
    const bug = new TypeError('a bug in kafkajs');
    const wrapped = Object.assign(new kafkajs.KafkaJSNonRetriableError(bug), { cause: bug });
    consumer.crash(wrapped, false);
    expect(bed.fatal).toEqual([wrapped]);
    await stop();
  });

  it('an absence from the group that lasts too long ends the process, even if kafkajs would go on for ever', async () => {
    const bed = new LaneBed();
    const { consumer, stop } = await bed.start({ backoff: { giveUpAfterMs: 0 } });
    const gone = new kafkajs.KafkaJSConnectionError('the broker is gone');
    consumer.crash(gone, true);
    expect(bed.fatal).toEqual([gone]);
    await stop();
  });

  it('a consumer that kafkajs starts again is worth a warning', async () => {
    const bed = new LaneBed();
    const { consumer, stop } = await bed.start();

    consumer.crash(new kafkajs.KafkaJSConnectionError('the broker is gone'), true);

    expect(bed.fatal).toEqual([]);
    expect(bed.logged('warn')).toEqual(['Kafka is out of reach; the consumer starts again.']);
    await stop();
  });
});
