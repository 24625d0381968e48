import { createAzureBlobStore } from '@assay/shared/blob/azure-blob-store';
import { connectPlatform, createLane } from '@assay/shared/bootstrap/platform';
import type { ServiceParts } from '@assay/shared/bootstrap/run-service';
import { serviceModule } from '@assay/shared/bootstrap/service-module';
import { Worker } from '@assay/shared/bootstrap/worker';
import { changeEventTopics, connectorConfig } from '@assay/shared/cdc/connector';
import { createConnectClient } from '@assay/shared/cdc/connect-client';
import { checkConnector, registerConnector, tendConnector } from '@assay/shared/cdc/register-connector';
import { containers, spillName } from '@assay/shared/contracts/blobs';
import { roles } from '@assay/shared/contracts/roles';
import { topics } from '@assay/shared/contracts/topics';
import { LaneStrategy } from '@assay/shared/kafka/lane-strategy';
import { registerLaneStatus } from '@assay/shared/observability/lane-metrics';
import type { Logger } from '@assay/shared/observability/logger';
import type { LaneListener } from '@assay/shared/pipeline/lane-listener';
import { Module } from '@nestjs/common';
import { createAzureLabelBlobs } from './intake/label-blobs.ts';
import { LabelIntake } from './intake/label-intake.ts';
import { createLabelPublisher } from './intake/label-publisher.ts';
import { OutgoingBatches } from './targets/send-deliveries.ts';
import type { AnnotationBridgeConfig } from './config.ts';
import { documentLane } from './documents/document-lane.ts';

@Module({})
class AppModule {}

export interface BuildOptions {
  readonly config: AnnotationBridgeConfig;
  readonly log: Logger;
  readonly onFatal: (error: unknown) => void;
  /** Tests end the process at a gap of a batch through one of these. */
  readonly listeners?: readonly LaneListener[];
}

/** The parts list of annotation-bridge. */
export async function buildAnnotationBridge(options: BuildOptions): Promise<ServiceParts> {
  const { config, log, onFatal, listeners = [] } = options;
  const platform = await connectPlatform({
    service: 'annotation-bridge',
    role: roles.bridge,
    settings: config,
    // Debezium's topics too, before it is told to write them: Connect would make them with its own settings.
    topics: [...changeEventTopics, topics.labels, topics.bridgeDeadLetters],
    log,
  });
  const { postgres, producer, registry } = platform;
  const connector = createConnector(config, log);
  const outgoing = createAzureBlobStore(config.BLOB_CONNECTION_STRING, containers.outgoing);
  const labeled = createAzureLabelBlobs(config.BLOB_CONNECTION_STRING, containers.labeled);

  const lane = createLane(platform, documentLane(), {
    // Change events hold masked text only, so what is too large for the topic may lie where the batches do.
    spill: async ({ topic, partition, offset, timestamp, value }) => {
      const name = spillName(topic, partition, offset, new Date(timestamp));
      await outgoing.create(name, value ?? Buffer.alloc(0), {});
      return name;
    },
    listeners,
    onFatal,
  });
  registerLaneStatus(registry, platform.service, [lane]);
  const batches = new OutgoingBatches(postgres, outgoing, {
    maxRows: config.ANNOTATION_BRIDGE_BATCH_MAX_ROWS,
    maxBytes: config.ANNOTATION_BRIDGE_BATCH_MAX_BYTES,
    maxAgeMs: config.ANNOTATION_BRIDGE_BATCH_MAX_AGE_MS,
    fieldPaths: config.ANNOTATION_BRIDGE_CSV_FIELDS,
  });
  const intake = new LabelIntake({ blobs: labeled, postgres, publisher: createLabelPublisher(producer), log });
  const every = (name: string, everyMs: number) => ({ name, everyMs, log, onFatal });
  const workers = [
    new Worker(every('change-events', config.CDC_CHECK_MS), connectorRounds(connector)),
    new Worker(every('outgoing-batches', config.ANNOTATION_BRIDGE_BATCH_POLL_MS), () => batches.round()),
    new Worker(every('label-intake', config.ANNOTATION_BRIDGE_LABELS_POLL_MS), (stopping) => intake.round(stopping)),
  ];
  return {
    module: serviceModule(AppModule, {
      controllers: [],
      providers: [],
      checks: [
        ...platform.checks,
        { name: 'blob', check: async () => void (await Promise.all([outgoing.ping(), labeled.ping()])) },
        { name: 'cdc', check: () => checkConnector(connector) },
      ],
      registry,
      apiKeys: config.HTTP_API_KEYS,
    }),
    http: config,
    strategy: new LaneStrategy([...workers, lane]),
    close: platform.close,
  };
}

function createConnector(config: AnnotationBridgeConfig, log: Logger) {
  const name = config.CDC_CONNECTOR_NAME;
  return {
    client: createConnectClient(config.CONNECT_URL),
    name,
    config: connectorConfig({
      databaseUrl: config.CDC_DATABASE_URL ?? config.DATABASE_URL,
      name,
      heartbeatMs: config.CDC_HEARTBEAT_MS,
      pollMs: config.CDC_POLL_MS,
    }),
    log,
  };
}

/**
 * Kafka Connect may be down when the service starts: labels still come in then, and /ready says what is missing. The first
 * round that reaches it brings the connector up to this release; later ones look after it.
 */
function connectorRounds(connector: ReturnType<typeof createConnector>): () => Promise<boolean> {
  let isRegistered = false;
  return async () => {
    if (!isRegistered) await registerConnector(connector);
    isRegistered = true;
    await tendConnector(connector);
    return false;
  };
}
