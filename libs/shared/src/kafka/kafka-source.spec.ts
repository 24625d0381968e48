import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { crashPoints } from '../pipeline/lane-listener.ts';
import { describePartitionedSource } from '../pipeline/partitioned-source.contract.ts';
import { KafkaSource } from './kafka-source.ts';
import { FakeBroker } from './testing/fake-broker.ts';
import { contract, type Instance, LaneBed, outage } from './testing/lane-bed.ts';

describePartitionedSource('Kafka', () => {
  const broker = new FakeBroker(contract.topic.name, 2);
  const quiet = () => {};
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const backoff = { firstDelayMs: 1, maxDelayMs: 2, giveUpAfterMs: 60_000 };
  const parts = { contract, consumer: broker.consumer(), admin: broker.admin, log };
  return {
    source: new KafkaSource(parts, { backoff, concurrency: 2 }),
    append(partition, ...values) {
      broker.logs[partition]!.append(...values);
      broker.touch();
    },
    rebalance: () => broker.rebalance(),
  };
});

/**
 * The guide tells what happens one thing at a time. Here everything happens at once: instances come, go, freeze and die at any
 * crash point, the group rebalances, answers get lost, transactions abort, the topic is replaced. Whatever the order, when it is over
 * every message that could be read had its effect once, every dead letter is there, the account adds up and the lag is 0.
 */
type Action =
  | { readonly kind: 'send'; readonly poison: boolean }
  | { readonly kind: 'transaction'; readonly end: 'commit' | 'abort' }
  | { readonly kind: 'start'; readonly batchSize: number }
  | { readonly kind: 'stop' | 'freeze' }
  | { readonly kind: 'endAt'; readonly point: number }
  | { readonly kind: 'outage'; readonly afterCommit: boolean }
  | { readonly kind: 'groupForgets'; readonly offset: number }
  | { readonly kind: 'rebalance' | 'quiet' | 'replaceTopic' };

const just = <K extends Action['kind']>(kind: K) => fc.constant({ kind } as Extract<Action, { kind: K }>);

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('send' as const), poison: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('transaction' as const),
      end: fc.constantFrom('commit' as const, 'abort' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('start' as const), batchSize: fc.integer({ min: 1, max: 5 }) }),
  },
  { weight: 2, arbitrary: just('stop') },
  { weight: 2, arbitrary: just('freeze') },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('endAt' as const), point: fc.integer({ min: 0, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('outage' as const), afterCommit: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('groupForgets' as const), offset: fc.integer({ min: 0, max: 20 }) }),
  },
  { weight: 2, arbitrary: just('rebalance') },
  { weight: 4, arbitrary: just('quiet') },
  { weight: 1, arbitrary: just('replaceTopic') },
);

const WAIT = { interval: 1, timeout: 5_000 };

/** Runs the actions and remembers what a reader who misses nothing would have seen. */
class Story {
  readonly bed = new LaneBed();
  readonly words = new Set<string>();
  poison = 0;
  #sent = 0;
  #instances: Instance[] = [];

  async run(step: Action): Promise<void> {
    const { bed } = this;
    if (step.kind === 'send') bed.broker.send(step.poison ? this.#nextPoison() : this.#nextWord());
    else if (step.kind === 'transaction') this.#transaction(step.end);
    else if (step.kind === 'start') this.#instances.push(await bed.start({ batchSize: step.batchSize }));
    else if (step.kind === 'stop') await this.#instances.shift()?.stop();
    else if (step.kind === 'freeze') this.#instances.at(-1)?.consumer.timeOut();
    else if (step.kind === 'endAt') bed.endAt = crashPoints[step.point]!;
    else if (step.kind === 'outage') bed.ledger.failNext(outage('postgres'), { afterCommit: step.afterCommit });
    else if (step.kind === 'groupForgets') bed.broker.committed.set(0, this.#somewhere(step.offset));
    else if (step.kind === 'rebalance') bed.broker.rebalance();
    else if (step.kind === 'quiet') await bed.broker.quiet();
    else await this.#replaceTopic();
  }

  /** Everything ends, then one instance that nothing disturbs reads to the end. */
  async finish(): Promise<void> {
    for (const { stop } of this.#instances) await stop();
    this.bed.endAt = null;
    const { broker } = this.bed;
    const last = await this.bed.start({ batchSize: 3 });
    await broker.quiet();
    // A turn that waits for an outage to pass, and that no batch waits for, is not seen by `quiet`.
    await vi.waitUntil(async () => (await this.bed.account())?.next === Number(broker.log.high), WAIT);
    await vi.waitUntil(() => this.bed.committed() === Number(broker.log.high), WAIT);
    await last.stop();
  }

  /**
   * Only a topic that was read to its end is replaced: what is deleted unread is lost in any system. And only one that held a
   * message: the ledger knows a log by its last one, so a log of nothing but markers cannot be told from its successor.
   */
  async #replaceTopic(): Promise<void> {
    this.bed.broker.send(this.#nextWord());
    await this.finish();
    this.#instances = [];
    this.bed.broker.replaceTopic();
    this.poison = 0;
    this.bed.letterBox.letters.length = 0;
  }

  #transaction(end: 'commit' | 'abort'): void {
    const words = end === 'commit' ? [this.#nextWord(), this.#nextWord()] : ['never', 'ever'];
    this.bed.broker.log.appendTransaction(end, ...words);
    this.bed.broker.touch();
  }

  #nextWord(): string {
    const word = `word ${++this.#sent}`;
    this.words.add(word);
    return word;
  }

  #nextPoison(): string {
    this.poison++;
    return `poison ${++this.#sent}`;
  }

  #somewhere(offset: number): bigint {
    const { high } = this.bed.broker.log;
    return BigInt(offset) < high ? BigInt(offset) : high;
  }
}

it('a broker that does not answer when a lane starts is said, and waited for', async () => {
  const broker = new FakeBroker(contract.topic.name, 1);
  const consumer = broker.consumer();
  const said: object[] = [];
  const quiet = () => {};
  const log = { debug: quiet, info: quiet, warn: (fields: object) => void said.push(fields), error: quiet };
  const backoff = { firstDelayMs: 1, maxDelayMs: 2, giveUpAfterMs: 60_000 };
  const settings = { backoff, concurrency: 1, answeredWithinMs: 20 };
  const source = new KafkaSource({ contract, consumer, admin: broker.admin, log }, settings);
  const seen: unknown[] = [];
  const reader = {
    assigned: (partitions: readonly number[]) => void seen.push(partitions),
    receive: async () => {},
    pass: quiet,
    fail: (error: unknown) => void seen.push(error),
  };
  vi.spyOn(consumer, 'connect').mockReturnValueOnce(new Promise(quiet));

  await source.start(reader);
  await broker.quiet();
  await source.stop();

  expect(said).toMatchObject([{ dependency: 'kafka', attempt: 1, error: expect.stringContaining('no answer within') }]);
  expect(seen).toEqual([[0]]);
});

describe('a lane, whatever happens', () => {
  it('has each effect once, keeps the account, and ends with no lag', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
        const story = new Story();
        for (const step of actions) await story.run(step);
        await story.finish();

        const { bed } = story;
        expect(bed.ledger.effects.toSorted()).toEqual([...story.words].toSorted());
        const account = await bed.account();
        const { high } = bed.broker.log;
        expect(account).toMatchObject({ next: Number(high), deadLettered: story.poison, duplicate: 0, expired: 0 });
        expect(new Set(bed.letterBox.letters.map(({ record }) => record.offset)).size).toBe(story.poison);
        expect(bed.committed()).toBe(Number(high));
      }),
      { numRuns: 200 },
    );
  });
});
