export type Settings = Readonly<Record<string, string | number | boolean>>;

/** The largest topic of the contract holds 4 MiB + 64 KiB; a topic's own limit can lower the broker's, not raise it. */
export const MAX_MESSAGE_BYTES = 5 * 1024 * 1024;

export interface BrokerAddress {
  readonly port: number;
  readonly controllerPort: number;
  readonly logFolder: string;
}

export function brokerSettings({ port, controllerPort, logFolder }: BrokerAddress): Settings {
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    // Static voters are read from here at each start; dynamic ones would freeze the controller's port into the data.
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'log.dirs': logFolder,
    'auto.create.topics.enable': false,
    'num.partitions': 6,
    'message.max.bytes': MAX_MESSAGE_BYTES,
    'log.segment.bytes': 64 * 1024 * 1024,
    'log.index.size.max.bytes': 1024 * 1024,
    'log.retention.hours': 24 * 7,
    ...singleBroker,
    ...quickRecovery,
    ...small,
  };
}

const singleBroker: Settings = {
  'default.replication.factor': 1,
  'min.insync.replicas': 1,
  'offsets.topic.replication.factor': 1,
  'offsets.topic.num.partitions': 4,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'transaction.state.log.num.partitions': 4,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
  'share.coordinator.state.topic.num.partitions': 1,
};

const quickRecovery: Settings = {
  // After a SIGKILL the old registration must expire before the new one counts: 4 s instead of 13 s.
  'broker.session.timeout.ms': 2_000,
  'broker.heartbeat.interval.ms': 500,
  'group.min.session.timeout.ms': 1_000,
  'group.initial.rebalance.delay.ms': 0,
};

const small: Settings = {
  'num.network.threads': 2,
  'num.io.threads': 4,
  'background.threads': 2,
  'num.recovery.threads.per.data.dir': 1,
  'log.cleaner.threads': 1,
  'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
};

/** Where a connector's configuration may refer to Debezium's password (CDC_PASSWORD_REFERENCE). */
export const CDC_PASSWORD = 'ASSAY_CDC_PASSWORD';

export interface WorkerAddress {
  readonly brokers: string;
  readonly port: number;
}

/** What belongs to the worker; the connector's own settings travel with the connector. */
export function workerSettings({ brokers, port }: WorkerAddress): Settings {
  const topics = ['config', 'offset', 'status'].map((kind) => [
    [`${kind}.storage.topic`, `assay-connect-${kind}`],
    [`${kind}.storage.replication.factor`, 1],
  ]);
  return {
    'bootstrap.servers': brokers,
    listeners: `http://127.0.0.1:${port}`,
    'rest.advertised.host.name': '127.0.0.1',
    'rest.advertised.port': port,
    'group.id': 'assay-connect',
    'config.providers': 'env',
    'config.providers.env.class': 'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
    'config.providers.env.param.allowlist.pattern': CDC_PASSWORD,
    ...(Object.fromEntries(topics.flat()) as Settings),
    'offset.storage.partitions': 1,
    'status.storage.partitions': 1,
    'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'key.converter.schemas.enable': false,
    'value.converter.schemas.enable': false,
    'offset.flush.interval.ms': 1_000,
    'plugin.discovery': 'service_load',
    'topic.creation.enable': true,
    // One worker: there is nobody to wait for when it comes back (the defaults are 10 s and 5 min).
    'session.timeout.ms': 3_000,
    'heartbeat.interval.ms': 1_000,
    'scheduled.rebalance.max.delay.ms': 0,
    'producer.compression.type': 'gzip',
    'producer.linger.ms': 5,
    // A row may hold 1 MiB of text, which JSON can make longer; the default is 1 MiB for the whole request.
    'producer.max.request.size': MAX_MESSAGE_BYTES,
  };
}
