import { setImmediate as nextTurn } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import type { LaneAdmin } from '../ports.ts';
import { FakeConsumer } from './fake-consumer.ts';
import { FakeLog, type FakeMessage, protocolError } from './fake-log.ts';

/**
 * One topic, one group and its coordinator, in memory. It answers as Apache Kafka does through kafkajs 2.2.4; the same
 * things are tried with the real ones in e2e/.
 */
export class FakeBroker {
  readonly topic: string;
  clusterId = 'cluster-1';
  logs: FakeLog[];
  /** The group's committed offsets, and every commit in order. */
  readonly committed = new Map<number, bigint>();
  readonly commits: { readonly partition: number; readonly offset: bigint }[] = [];
  readonly consumers: FakeConsumer[] = [];
  generation = 0;
  #members: FakeConsumer[] = [];
  #version = 0;
  #changed = Promise.withResolvers<void>();
  #unreachable = false;

  constructor(topic: string, partitions = 1) {
    this.topic = topic;
    this.logs = emptyLogs(topic, partitions);
  }

  get memberCount(): number {
    return this.#members.length;
  }

  get log(): FakeLog {
    return this.logs[0]!;
  }

  readonly admin: LaneAdmin = {
    describeCluster: async () => {
      this.requireReachable();
      return { clusterId: this.clusterId, brokers: [], controller: 1 };
    },
    fetchTopicOffsets: async () => {
      this.requireReachable();
      return this.logs.map(({ partition, low, high }) => ({
        partition,
        offset: String(high),
        low: String(low),
        high: String(high),
      }));
    },
  };

  /** A consumer of the group. `batchSize` is how many messages one fetch brings from each partition. */
  consumer({ batchSize = 100 } = {}): FakeConsumer {
    const consumer = new FakeConsumer(this, batchSize);
    this.consumers.push(consumer);
    return consumer;
  }

  send(...messages: readonly (string | FakeMessage)[]): void {
    this.log.append(...messages);
    this.touch();
  }

  /** The topic is deleted and made again: same name, same cluster, nothing in it. The group's offsets stay. */
  replaceTopic(): void {
    this.logs = emptyLogs(this.topic, this.logs.length);
    this.touch();
  }

  /** The broker's disk is wiped: another cluster, no topic, no offsets. */
  wipe(): void {
    this.clusterId = `${this.clusterId}-wiped`;
    this.committed.clear();
    this.replaceTopic();
  }

  expireBefore(offset: bigint): void {
    this.log.expireBefore(offset);
    this.touch();
  }

  setReachable(reachable: boolean): void {
    this.#unreachable = !reachable;
    this.touch();
  }

  requireReachable(): void {
    if (this.#unreachable) throw new kafkajs.KafkaJSConnectionError('connect ECONNREFUSED');
  }

  /** A member joins: a new one starts a new generation, in which the others find themselves at their next heartbeat. */
  join(member: FakeConsumer): number {
    this.requireReachable();
    if (!this.#members.includes(member)) {
      this.#members.push(member);
      this.generation++;
      this.touch();
    }
    return this.generation;
  }

  leave(member: FakeConsumer): void {
    if (!this.#members.includes(member)) return;
    this.#members = this.#members.filter((other) => other !== member);
    this.generation++;
    this.touch();
  }

  /** The coordinator starts a rebalance although nobody came or went. */
  rebalance(): void {
    this.generation++;
    this.touch();
  }

  assignmentOf(member: FakeConsumer): number[] {
    const position = this.#members.indexOf(member);
    return this.logs.map(({ partition }) => partition).filter((p) => p % this.#members.length === position);
  }

  heartbeat(member: FakeConsumer, generation: number): void {
    this.requireReachable();
    if (!this.#members.includes(member)) throw protocolError('UNKNOWN_MEMBER_ID', 25);
    if (generation !== this.generation) throw protocolError('REBALANCE_IN_PROGRESS', 27);
  }

  commit(member: FakeConsumer, generation: number, partition: number, offset: bigint): void {
    this.requireReachable();
    if (!this.#members.includes(member)) throw protocolError('UNKNOWN_MEMBER_ID', 25);
    if (generation !== this.generation) throw protocolError('ILLEGAL_GENERATION', 22);
    this.commits.push({ partition, offset });
    this.committed.set(partition, offset);
    this.touch();
  }

  /** Wakes whoever waits for something to happen. */
  touch(): void {
    this.#version++;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  get state(): number {
    return this.#version;
  }

  async changeSince(state: number): Promise<void> {
    while (this.#version === state) await this.#changed.promise;
  }

  /** Resolves when every consumer has nothing left to do. A consumer that holds a batch is not done. */
  async quiet(): Promise<void> {
    for (;;) {
      const state = this.#version;
      await Promise.all(this.consumers.map((consumer) => consumer.parked()));
      // kafkajs does not wait for what a listener of END_BATCH_PROCESS does; one turn of the event loop does.
      await nextTurn();
      if (this.#version === state && this.consumers.every((consumer) => consumer.isParked)) return;
    }
  }
}

const emptyLogs = (topic: string, partitions: number): FakeLog[] =>
  Array.from({ length: partitions }, (_, partition) => new FakeLog(topic, partition));
