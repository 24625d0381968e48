import { createAzureBlobStore } from '@assay/shared/blob/azure/azure-blob-store';
import { unseal } from '@assay/shared/blob/sealed-bytes';
import { containers } from '@assay/shared/contracts/blobs';
import { groupIdOf, lanes } from '@assay/shared/contracts/lanes';
import { DEFAULT_PARTITIONS, type TopicContract, topics } from '@assay/shared/contracts/topics';
import { type Infrastructure, startInfrastructure } from '@assay/tools/infra/infrastructure';
import { makeServiceLogins, type ServiceLogins } from '@assay/tools/start/service-logins';
import { type Admin, Kafka, logLevel, type Message, type Producer } from 'kafkajs';
import pg from 'pg';
import { type Committed, CommittedOffsets } from './committed-offsets.ts';
import { type DeadLetter, readDeadLetter } from './dead-letter.ts';
import { ServiceProcess } from './service-process.ts';
import { TicketFlow } from './ticket-flow.ts';
import { answered, until } from './until.ts';

const KEY = 'a'.repeat(64);

/** What the ledger says of the ticket lane, all partitions and incarnations together. */
export interface LaneAccount {
  readonly received: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly skipped: number;
  readonly dead_lettered: number;
  readonly gaps: number;
  readonly expired: number;
}

const NOTHING_YET: LaneAccount = {
  received: 0,
  accepted: 0,
  duplicate: 0,
  skipped: 0,
  dead_lettered: 0,
  gaps: 0,
  expired: 0,
};

/** What became of the offsets of one partition. */
export interface LedgerLine {
  readonly partition: number;
  readonly incarnation: number;
  readonly first: number;
  readonly next: number;
  readonly received: number;
  readonly gaps: number;
  readonly expired: number;
}

/** Real Kafka, Postgres and Azurite of its own for one spec file, and ingest processes on them. */
export class TicketBed {
  readonly infrastructure: Infrastructure;
  readonly database: pg.Pool;
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly producer: Producer;
  readonly #logins: ServiceLogins;
  readonly #processes: ServiceProcess[] = [];

  private constructor(infrastructure: Infrastructure, logins: ServiceLogins) {
    this.infrastructure = infrastructure;
    this.#logins = logins;
    const { kafkaBrokers, databaseUrl } = this.addresses;
    this.database = new pg.Pool({ connectionString: databaseUrl, max: 4 });
    this.database.on('error', () => {}); // some tests stop the server under us
    this.kafka = new Kafka({ clientId: 'e2e', brokers: kafkaBrokers.split(','), logLevel: logLevel.NOTHING });
    this.admin = this.kafka.admin();
    this.producer = this.kafka.producer({ allowAutoTopicCreation: false });
  }

  static async start(): Promise<TicketBed> {
    const parts = ['kafka', 'postgres', 'azurite'] as const;
    const infrastructure = await startInfrastructure({ parts, isDurable: false });
    const bed = new TicketBed(infrastructure, await makeServiceLogins(infrastructure));
    await bed.admin.connect();
    await bed.producer.connect();
    return bed;
  }

  async stop(): Promise<void> {
    await this.killAll();
    await this.producer.disconnect();
    await this.admin.disconnect();
    await this.database.end();
    await this.infrastructure.stop();
  }

  /** Ends whatever a test left running, before the next one counts members of the group. */
  async killAll(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.kill()));
  }

  get addresses() {
    return this.infrastructure.endpoints as Required<typeof this.infrastructure.endpoints>;
  }

  /** The settings of a service here; short waits, because a test must not take as long as an outage may. */
  environment(overrides: Readonly<Record<string, string>> = {}): Record<string, string> {
    const { kafkaBrokers, blobConnectionString } = this.addresses;
    return {
      KAFKA_BROKERS: kafkaBrokers,
      DATABASE_URL: this.#logins.urlOf('ingest'),
      BLOB_CONNECTION_STRING: blobConnectionString,
      INGEST_IDENTITY_KEY: KEY,
      INGEST_BRONZE_KEY: `test:${KEY}`,
      KAFKA_SESSION_TIMEOUT_MS: '2000',
      ...overrides,
    };
  }

  ingest(overrides: Readonly<Record<string, string>> = {}): ServiceProcess {
    const process = new ServiceProcess('services/ingest/dist/testing/killable-main.js', this.environment(overrides));
    this.#processes.push(process);
    return process;
  }

  /** The last lines of every process: what a failed test cannot be understood without. */
  explain(): void {
    for (const process of this.#processes) console.error(`--- process ${process.child.pid}\n${process.tail()}`);
  }

  async createTopic({ name, maxMessageBytes }: TopicContract): Promise<void> {
    const configEntries = [{ name: 'max.message.bytes', value: String(maxMessageBytes) }];
    const topic = { topic: name, numPartitions: DEFAULT_PARTITIONS, replicationFactor: 1, configEntries };
    await this.admin.createTopics({ waitForLeaders: false, topics: [topic] });
    await until(`the partitions of ${name}`, async () => {
      const ends = await answered(`topic ${name}`, () => this.admin.fetchTopicOffsets(name));
      return ends.length === DEFAULT_PARTITIONS;
    });
  }

  async send(messages: readonly Message[]): Promise<void> {
    for (let start = 0; start < messages.length; start += 500)
      await this.producer.send({
        topic: topics.ticketsRaw.name,
        acks: -1,
        messages: messages.slice(start, start + 500),
      });
  }

  /** Tickets and some bad messages, one portion after the other until it is stopped. */
  flow(firstNumber = 0): TicketFlow {
    return new TicketFlow((messages) => this.send(messages), firstNumber);
  }

  watchCommittedOffsets(): CommittedOffsets {
    return new CommittedOffsets(() => this.#committed());
  }

  /** What the ledger says; all zero as long as no ingest has made it. */
  async account(): Promise<LaneAccount> {
    const { rows: found } = await this.database.query(`select to_regclass('assay.offsets') is not null as there`);
    if (!found[0].there) return NOTHING_YET;
    const sums = Object.keys(NOTHING_YET).map((column) => `coalesce(sum(${column}), 0)::integer as ${column}`);
    const { rows } = await this.database.query(`select ${sums.join(', ')} from assay.offsets where lane = $1`, [
      groupIdOf(lanes.tickets),
    ]);
    return rows[0];
  }

  /** The ledger's rows of the ticket lane, every incarnation of every partition. */
  async ledger(): Promise<LedgerLine[]> {
    const { rows } = await this.database.query(
      `select partition, incarnation, first_offset::integer as first, next_offset::integer as next, received::integer,
              gaps::integer, expired::integer
         from assay.offsets where lane = $1 order by incarnation, partition`,
      [groupIdOf(lanes.tickets)],
    );
    return rows;
  }

  async documentCount(): Promise<number> {
    const { rows } = await this.database.query('select count(*)::integer as count from public.documents');
    return rows[0].count;
  }

  /** What a sealed blob of bronze holds; throws when it is not there or was sealed with another key. */
  async openBronze(name: string): Promise<string> {
    const blobs = createAzureBlobStore(this.addresses.blobConnectionString, containers.bronze);
    return unseal((await blobs.read(name))!, { id: 'test', key: Buffer.from(KEY, 'hex') }).toString();
  }

  /** How many blobs a document refers to that are not there. */
  async bronzeMissing(): Promise<number> {
    const blobs = createAzureBlobStore(this.addresses.blobConnectionString, containers.bronze);
    const names = new Set<string>();
    for await (const { name } of blobs.list('')) names.add(name);
    const { rows } = await this.database.query(
      `select distinct split_part(bronze_path, '#', 1) as name from public.documents`,
    );
    return rows.filter(({ name }) => !names.has(name)).length;
  }

  /** Messages between the group's committed offsets and the end of the log: what every lag tool shows. */
  async groupLag(): Promise<bigint> {
    const committed = await this.#committed();
    const ends = await answered('the ends of the log', () => this.admin.fetchTopicOffsets(topics.ticketsRaw.name));
    return ends.reduce(
      (lag, { partition, high, low }) => lag + BigInt(high) - (committed.get(partition) ?? BigInt(low)),
      0n,
    );
  }

  /** Resolves when the group waits for its members to join again. */
  async rebalancing(): Promise<void> {
    await until('the group to rebalance', async () => {
      const { groups } = await this.admin.describeGroups([groupIdOf(lanes.tickets)]);
      return groups[0]!.state === 'PreparingRebalance';
    });
  }

  async #committed(): Promise<Committed> {
    const topic = topics.ticketsRaw.name;
    const groups = await answered('the group offsets', () =>
      this.admin.fetchOffsets({ groupId: groupIdOf(lanes.tickets), topics: [topic] }),
    );
    const offsets = groups[0]!.partitions.map(({ partition, offset }) => [partition, BigInt(offset)] as const);
    return new Map(offsets.filter(([, offset]) => offset >= 0n));
  }

  /** Resolves when everything in the topic has been settled and committed. */
  async settled(): Promise<void> {
    await until('the lag to be 0', async () => {
      if (!this.#processes.some(({ isRunning }) => isRunning)) throw new Error('nobody is left to settle anything');
      return (await this.groupLag()) === 0n;
    });
  }

  async deadLetterCount(): Promise<number> {
    const ends = await this.admin.fetchTopicOffsets(topics.ingestDeadLetters.name);
    return ends.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  }

  /** Every dead letter in the topic, as it stands there. */
  async deadLetters(): Promise<DeadLetter[]> {
    const topic = topics.ingestDeadLetters.name;
    const expected = await this.deadLetterCount();
    const found: DeadLetter[] = [];
    if (expected === 0) return found;
    const consumer = this.kafka.consumer({ groupId: `e2e-${Math.random()}`, maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => void found.push(readDeadLetter(message)) });
    await until(`${expected} dead letters`, async () => found.length >= expected);
    await consumer.disconnect();
    return found;
  }
}
