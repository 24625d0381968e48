import type { LogBounds } from '../pipeline/log-position.ts';
import {
  type Handover,
  Interrupted,
  type PartitionedSource,
  type SourceReader,
} from '../pipeline/partitioned-source.ts';
import type { SourceRecord } from '../pipeline/record.ts';
import { sourceRecord } from './source-record.ts';

interface Partition {
  readonly records: SourceRecord[];
  position: number;
  /** Counts seeks, so that a fetch knows whether there was one since. */
  seeks: number;
}

/** A log in memory with one reader, which passes the same contract suite as Kafka. Nothing in it knows how Kafka works. */
export class MemorySource implements PartitionedSource {
  /** How far the group was told, by partition. */
  readonly committed = new Map<number, bigint>();
  readonly #partitions: readonly Partition[];
  #reader: SourceReader | null = null;
  #generation = 0;
  #pumps: readonly Promise<void>[] = [];
  #changed = Promise.withResolvers<void>();

  constructor(partitions = 1) {
    this.#partitions = Array.from({ length: partitions }, () => ({ records: [], position: 0, seeks: 0 }));
  }

  append(partition: number, ...values: readonly string[]): void {
    const { records } = this.#partitions[partition]!;
    for (const value of values)
      records.push(sourceRecord({ partition, offset: BigInt(records.length), value: Buffer.from(value) }));
    this.#touch();
  }

  /** The group begins a new generation; what is in hand finds out when it asks. */
  async rebalance(): Promise<void> {
    await this.#endGeneration();
    this.#begin();
  }

  async start(reader: SourceReader): Promise<void> {
    this.#reader = reader;
    this.#begin();
  }

  async stop(): Promise<void> {
    this.#reader = null;
    await this.#endGeneration();
  }

  halt(): void {
    void this.stop();
  }

  seek(partition: number, offset: bigint): void {
    const at = this.#partitions[partition]!;
    at.position = Number(offset);
    at.seeks++;
    this.#touch();
  }

  async commit(partition: number, next: bigint): Promise<void> {
    this.committed.set(partition, next);
  }

  async keepAlive(): Promise<void> {}

  async bounds(partition: number): Promise<LogBounds> {
    return { clusterId: 'memory', low: 0n, high: BigInt(this.#partitions[partition]!.records.length) };
  }

  #begin(): void {
    const [reader, generation] = [this.#reader, this.#generation];
    if (reader === null) return;
    reader.assigned([...this.#partitions.keys()]);
    this.#pumps = this.#partitions.map((_, partition) => this.#pump(reader, partition, generation));
  }

  async #endGeneration(): Promise<void> {
    this.#generation++;
    this.#touch();
    await Promise.all(this.#pumps);
  }

  async #pump(reader: SourceReader, partition: number, generation: number): Promise<void> {
    while (generation === this.#generation) {
      const handover = this.#nextOf(partition, generation);
      if (handover === null) await this.#changed.promise;
      else
        await reader.receive(handover).catch((error: unknown) => {
          if (!(error instanceof Interrupted)) throw error;
        });
    }
  }

  #nextOf(partition: number, generation: number): Handover | null {
    const at = this.#partitions[partition]!;
    const records = at.records.slice(at.position);
    if (records.length === 0) return null;
    const { seeks } = at;
    const inGeneration = () => {
      if (generation !== this.#generation && this.#reader !== null) throw new Interrupted(new Error('a rebalance'));
    };
    const [first, last] = [records[0]!.offset, records.at(-1)!.offset];
    return {
      partition,
      fetched: { fetchedOffset: first, first, last, records },
      high: BigInt(at.records.length),
      isCurrent: async () => {
        inGeneration();
        return this.#reader !== null && at.seeks === seeks;
      },
      booked: () => void (at.position = Number(last) + 1),
      commit: async (next) => {
        inGeneration();
        await this.commit(partition, next);
      },
    };
  }

  #touch(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
