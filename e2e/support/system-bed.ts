import { createAzureBlobStore } from '@assay/shared/blob/azure/azure-blob-store';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import { type Account, accountOf } from '@assay/shared/contracts/account';
import { containers } from '@assay/shared/contracts/blobs';
import { type InfrastructureOptions, startInfrastructure } from '@assay/tools/infra/infrastructure';
import { makeServiceLogins, type ServiceLogins } from '@assay/tools/start/service-logins';
import { type Consumer, Kafka, logLevel, type Message } from 'kafkajs';
import pg from 'pg';
import { Cable } from './cable.ts';
import { ServiceProcess } from './service-process.ts';
import { until } from './until.ts';

type Infrastructure = Awaited<ReturnType<typeof startInfrastructure>>;
type Container = keyof typeof containers;

export const serviceNames = ['ingest', 'annotation-bridge', 'quality-validator', 'output'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Kafka tells its clients where it is, so nobody can be sent to it by another way. */
const cuttable = ['postgres', 'azurite'] as const;
type Cuttable = (typeof cuttable)[number];

/** Short pauses of the pollers, because a test must not take as long as a quiet system may. */
export const waits = {
  ANNOTATION_BRIDGE_BATCH_MAX_AGE_MS: '300',
  ANNOTATION_BRIDGE_BATCH_POLL_MS: '100',
  ANNOTATION_BRIDGE_LABELS_POLL_MS: '200',
  OUTPUT_SEGMENT_MAX_AGE_MS: '300',
};

const KEY = 'b'.repeat(64);
export const IDENTITY_KEY = KEY;

/** The whole system as it runs: real infrastructure with Connect, every service a process of its own. */
export class SystemBed {
  readonly infrastructure: Infrastructure;
  readonly database: pg.Pool;
  readonly kafka: Kafka;
  readonly blobs: Readonly<Record<Container, BlobStore>>;
  readonly #logins: ServiceLogins;
  readonly #services = new Map<ServiceName, ServiceProcess>();
  readonly #consumers: Consumer[] = [];
  /** What services reach these by, when they are to be cut off from them. */
  readonly cables: Partial<Record<Cuttable, Cable>> = {};

  private constructor(infrastructure: Infrastructure, logins: ServiceLogins) {
    this.infrastructure = infrastructure;
    this.#logins = logins;
    const { kafkaBrokers, databaseUrl, blobConnectionString } = this.addresses;
    this.database = new pg.Pool({ connectionString: databaseUrl, max: 4 });
    this.database.on('error', () => {}); // some tests stop the server under us
    this.kafka = new Kafka({
      clientId: 'e2e',
      brokers: kafkaBrokers.split(','),
      logLevel: logLevel.NOTHING,
      // A broker may be frozen for a while, and what is sent twice would be two messages.
      requestTimeout: 120_000,
    });
    this.blobs = Object.fromEntries(
      Object.entries(containers).map(([name, container]) => [
        name,
        createAzureBlobStore(blobConnectionString, container),
      ]),
    ) as Record<Container, BlobStore>;
  }

  static async start(
    names: readonly ServiceName[] = serviceNames,
    { isCuttable = false, ...options }: Pick<InfrastructureOptions, 'postgresSettings'> & { isCuttable?: boolean } = {},
  ): Promise<SystemBed> {
    const infrastructure = await startInfrastructure({ isDurable: false, ...options });
    const bed = new SystemBed(infrastructure, await makeServiceLogins(infrastructure));
    if (isCuttable)
      for (const part of cuttable) bed.cables[part] = await Cable.to(bed.infrastructure.endpoints.ports[part]!);
    await bed.startServices(names);
    return bed;
  }

  get addresses() {
    return this.infrastructure.endpoints as Required<typeof this.infrastructure.endpoints>;
  }

  /** One after the other: each makes the topics the next one reads. */
  async startServices(names: readonly ServiceName[]): Promise<void> {
    for (const name of names) await this.startService(name).ready();
  }

  startService(name: ServiceName, overrides: Readonly<Record<string, string>> = {}): ServiceProcess {
    const process = new ServiceProcess(`services/${name}/dist/main.js`, { ...this.#environment(name), ...overrides });
    this.#services.set(name, process);
    return process;
  }

  service(name: ServiceName): ServiceProcess {
    return this.#services.get(name)!;
  }

  /** By which Debezium reads the database. */
  get cdcUrl(): string {
    return this.#logins.cdcUrl!;
  }

  /** An address of ours as a service is given it: by way of the cable, where there is one. */
  #reached(part: Cuttable, address: string): string {
    const { [part]: cable } = this.cables;
    const port = this.infrastructure.endpoints.ports[part];
    return cable === undefined ? address : address.replaceAll(`:${port}`, `:${cable.port}`);
  }

  #environment(service: ServiceName): Record<string, string> {
    const { kafkaBrokers, blobConnectionString, connectUrl } = this.addresses;
    return {
      KAFKA_BROKERS: kafkaBrokers,
      DATABASE_URL: this.#reached('postgres', this.#logins.urlOf(service)),
      ...(service === 'annotation-bridge' ? { CDC_DATABASE_URL: this.cdcUrl } : {}),
      BLOB_CONNECTION_STRING: this.#reached('azurite', blobConnectionString),
      CONNECT_URL: connectUrl,
      INGEST_IDENTITY_KEY: KEY,
      INGEST_BRONZE_KEY: `e2e:${KEY}`,
      ANNOTATION_BRIDGE_PSEUDONYM_KEY: `e2e:${KEY}`,
      KAFKA_SESSION_TIMEOUT_MS: '6000',
      ...waits,
    };
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#services.values()].map((service) => service.kill()));
    await Promise.all(this.#consumers.map((consumer) => consumer.disconnect()));
    await this.database.end();
    await this.infrastructure.stop();
    for (const cable of Object.values(this.cables)) cable.close();
  }

  async post(tickets: unknown): Promise<Response> {
    const address = await this.service('ingest').ready();
    const headers = { 'content-type': 'application/json' };
    return fetch(`${address}/v1/tickets`, { method: 'POST', headers, body: JSON.stringify(tickets) });
  }

  async putLabelFile(path: string, text: string): Promise<void> {
    await this.blobs.labeled.create(path, Buffer.from(text), {});
  }

  /** The first row of a query, once there is one. */
  row<T extends object>(what: string, sql: string, values: readonly unknown[] = []): Promise<T> {
    return until(what, async () => (await this.database.query(sql, [...values])).rows[0] as T | undefined);
  }

  async account(): Promise<Account> {
    const { rows } = await this.database.query('select * from lineage.account');
    return accountOf(rows[0]);
  }

  /** Every message of a topic from its beginning, as they come; read what is there with `until`. */
  async tail(topic: string): Promise<readonly Message[]> {
    const messages: Message[] = [];
    const consumer = this.kafka.consumer({ groupId: `e2e-${topic}-${this.#consumers.length}`, maxWaitTimeInMs: 100 });
    this.#consumers.push(consumer);
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => void messages.push(message) });
    return messages;
  }

  explain(): void {
    for (const [name, process] of this.#services) console.error(`--- ${name}\n${process.tail()}`);
  }
}
