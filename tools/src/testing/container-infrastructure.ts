import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import type { Addresses } from '../infra/endpoints.ts';
import { addressesAt } from '../infra/infrastructure.ts';
import { brokerSettings, CDC_PASSWORD, workerSettings } from '../infra/kafka-settings.ts';
import { choosePorts, portNames, type Ports } from '../infra/ports.ts';
import { serverSettings, withoutSync } from '../infra/postgres.ts';

/** The images of docker-compose.yml; a test compares them. */
export const images = {
  postgres: 'postgres:18',
  kafka: 'apache/kafka:4.3.1',
  azurite: 'mcr.microsoft.com/azure-storage/azurite:3.37.0',
  connect: 'quay.io/debezium/connect:3.7.0.Final',
} as const;

export interface ContainerInfrastructure {
  readonly addresses: Addresses;
  readonly loginPassword: string;
  /** What runs, for people. */
  readonly running: readonly string[];
  startConnect(): Promise<void>;
  stop(): Promise<void>;
}

/** Of the superuser and of every login of the specs; the containers live as long as the tests do. */
export const PASSWORD = 'containers-of-tests';

const START_MS = 120_000;
const REST_PORT = 8083;

/** `a.b.c` is PREFIX_A_B_C, which is how the images of Kafka and Connect take their properties. */
export function asEnvironment(prefix: string, settings: Readonly<Record<string, unknown>>): Record<string, string> {
  const named = Object.entries(settings).map(([name, value]) => [
    `${prefix}_${name.toUpperCase().replaceAll('.', '_')}`,
    String(value),
  ]);
  return Object.fromEntries(named) as Record<string, string>;
}

/**
 * All containers share one network namespace, that of Postgres, which publishes the ports of all. So 127.0.0.1:PORT means the
 * same to a test and to Kafka Connect, and an address that a spec hands to Connect is as good there as here.
 */
function postgresContainer(ports: Ports): GenericContainer {
  const flags = Object.entries({ ...serverSettings, ...withoutSync }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const own = [ports.kafka, ports.postgres, ports.azurite].map((port) => ({ container: port, host: port }));
  return new GenericContainer(images.postgres)
    .withExposedPorts(...own, { container: REST_PORT, host: ports.connect })
    .withEnvironment({
      PGPORT: String(ports.postgres),
      POSTGRES_USER: 'postgres',
      POSTGRES_PASSWORD: PASSWORD,
      POSTGRES_INITDB_ARGS: '--encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8 --no-sync',
    })
    .withTmpFs({ '/var/lib/postgresql': '' })
    .withCommand(['postgres', ...flags])
    .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2));
}

function kafkaContainer({ kafka, kafkaController }: Ports): GenericContainer {
  const settings = brokerSettings({ port: kafka, controllerPort: kafkaController, logFolder: '/var/lib/kafka/data' });
  const everywhere = { listeners: `PLAINTEXT://0.0.0.0:${kafka},CONTROLLER://127.0.0.1:${kafkaController}` };
  return new GenericContainer(images.kafka)
    .withEnvironment({
      ...asEnvironment('KAFKA', { ...settings, ...everywhere }),
      KAFKA_HEAP_OPTS: '-Xms128m -Xmx512m',
    })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/));
}

function azuriteContainer({ azurite }: Ports): GenericContainer {
  const address = ['--blobHost', '0.0.0.0', '--blobPort', String(azurite)];
  return new GenericContainer(images.azurite)
    .withCommand(['azurite-blob', ...address, '--location', '/data', '--skipApiVersionCheck', '--disableTelemetry'])
    .withWaitStrategy(Wait.forLogMessage(/successfully listen(s|ing)/));
}

function connectContainer({ kafka }: Ports): GenericContainer {
  const brokers = `127.0.0.1:${kafka}`;
  const { listeners: _all, ...settings } = workerSettings({ brokers, port: REST_PORT });
  const env = asEnvironment('CONNECT', settings);
  // The image asks for these by names of their own.
  for (const name of ['BOOTSTRAP_SERVERS', 'GROUP_ID'] as const) env[name] = env[`CONNECT_${name}`] ?? '';
  for (const kind of ['CONFIG', 'OFFSET', 'STATUS'])
    env[`${kind}_STORAGE_TOPIC`] = env[`CONNECT_${kind}_STORAGE_TOPIC`] ?? '';
  return new GenericContainer(images.connect)
    .withEnvironment({ ...env, [CDC_PASSWORD]: PASSWORD, HEAP_OPTS: '-Xms128m -Xmx512m' })
    .withWaitStrategy(Wait.forSuccessfulCommand(`curl -fsS http://localhost:${REST_PORT}/connectors`));
}

/** Real infrastructure in containers of the public images, on free ports of loopback. */
export async function startContainers(log: (line: string) => void): Promise<ContainerInfrastructure> {
  const ports = await choosePorts(portNames);
  const started: StartedTestContainer[] = [];
  const start = async (container: GenericContainer): Promise<StartedTestContainer> => {
    const running = await container.withStartupTimeout(START_MS).start();
    started.push(running);
    return running;
  };
  const stop = async (): Promise<void> => {
    // Postgres is the first and owns the network of the others, so it goes last.
    const [first, ...others] = started;
    await Promise.all(others.map((container) => container.stop({ remove: true })));
    await first?.stop({ remove: true });
  };
  try {
    const postgres = await start(postgresContainer(ports));
    const beside = (container: GenericContainer) => start(container.withNetworkMode(`container:${postgres.getId()}`));
    const results = await Promise.allSettled([beside(kafkaContainer(ports)), beside(azuriteContainer(ports))]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    return {
      addresses: addressesAt(ports, PASSWORD),
      loginPassword: PASSWORD,
      running: [images.kafka, images.postgres, images.azurite],
      startConnect: async () => {
        log(`${images.connect} is asked for`);
        await beside(connectContainer(ports));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
