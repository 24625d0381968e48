import { openBlobStore } from '@assay/shared/blob/open-blob-store';
import { assembleService } from '@assay/shared/bootstrap/assemble-service';
import { connectPlatform, type Platform } from '@assay/shared/bootstrap/platform';
import type { ServiceParts } from '@assay/shared/bootstrap/run-service';
import { captureNewLife } from '@assay/shared/cdc/capture-life';
import { changeEventTopics, connectorConfig } from '@assay/shared/cdc/connector';
import { createConnectClient } from '@assay/shared/cdc/connect-client';
import { checkConnector, type Connector, registerConnector, tendConnector } from '@assay/shared/cdc/register-connector';
import { type ReplicationSlot, replicationUrl, slotAccess } from '@assay/shared/cdc/replication-slot';
import { createSlotMetrics } from '@assay/shared/cdc/slot-metrics';
import { containers } from '@assay/shared/contracts/blobs';
import { channels } from '@assay/shared/contracts/channels';
import { roles } from '@assay/shared/contracts/roles';
import { topics } from '@assay/shared/contracts/topics';
import type { Logger } from '@assay/shared/observability/logger';
import type { LaneListener } from '@assay/shared/pipeline/lane-listener';
import { ToldFiles } from './intake/door/told-files.ts';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { LabelFileReader } from './intake/label-file-reader.ts';
import { LabelIntake } from './intake/label-intake.ts';
import { openToolSources } from './pulls/registry.ts';
import { openTargets } from './targets/registry.ts';
import { openWebhookReceivers } from './webhooks/registry.ts';
import { labelSettings, privacySettings, type AnnotationBridgeConfig } from './config.ts';
import { flows } from './flows.ts';

export interface BuildOptions {
  readonly config: AnnotationBridgeConfig;
  readonly log: Logger;
  readonly onFatal: (error: unknown) => void;
  /** Tests end the process at a crash point of a batch through one of these. */
  readonly listeners?: readonly LaneListener[];
}

/** The parts of annotation-bridge, connected. What they do is in flows.ts. */
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
  const { postgres, kafka } = platform;
  const connector = createConnector(platform, config);
  const deadLetterBlobs = await openBlobStore(config.BLOB_CONNECTION_STRING, containers.deadLetters);
  const labeled = await openBlobStore(config.BLOB_CONNECTION_STRING, containers.labeled);

  const targets = await openTargets(config);
  const intake = new LabelIntake({
    blobs: labeled,
    postgres,
    writer: kafka.writer,
    reader: new LabelFileReader({ settings: labelSettings(config), privacy: privacySettings(config) }),
    log,
  });
  const tendConnector = connectorRounds(connector, postgres, createSlotMetrics(platform.registry, platform.service));
  return assembleService({
    platform,
    flows: flows({
      config,
      tendConnector,
      postgres,
      deadLetterBlobs,
      targets,
      labelBlobs: labeled,
      toolSources: openToolSources(config),
      webhookReceivers: openWebhookReceivers(config),
      intake,
      log,
      told: new ToldFiles(),
      deliveriesQueued: platform.bell(channels.deliveries),
    }),
    checks: [
      { name: 'blob', check: async () => void (await Promise.all([deadLetterBlobs.ping(), labeled.ping()])) },
      ...targets.map((target) => ({ name: `target ${target.name}`, check: () => target.ping() })),
      { name: 'cdc', check: () => checkConnector(connector, config.CDC_SLOT_RETAINED_MAX_BYTES) },
    ],
    http: config,
    listeners,
    onFatal,
  });
}

function createConnector({ postgres, partitions, log }: Platform, config: AnnotationBridgeConfig): Connector {
  const name = config.CDC_CONNECTOR_NAME;
  return {
    client: createConnectClient(config.CONNECT_URL),
    name,
    config: connectorConfig({
      databaseUrl: config.CDC_DATABASE_URL ?? config.DATABASE_URL,
      passwordReference: config.CDC_PASSWORD_REFERENCE,
      name,
      heartbeatMs: config.CDC_HEARTBEAT_MS,
      pollMs: config.CDC_POLL_MS,
      partitions,
    }),
    slot: slotAccess(postgres, replicationUrl(config.DATABASE_URL, config.CDC_DATABASE_URL), name),
    log,
  };
}

/** As long as Kafka Connect may take to end a task. */
const STOPPING = { firstDelayMs: 100, maxDelayMs: 1_000, giveUpAfterMs: 30_000 };

/**
 * Kafka Connect may be down when the service starts: labels still come in then, and /ready says what is missing. The first
 * round that reaches it brings the connector up to this release; later ones look after it.
 */
function connectorRounds(connector: Connector, postgres: Postgres, slotMetrics: ReturnType<typeof createSlotMetrics>) {
  let isRegistered = false;
  async function lookAtSlot(): Promise<ReplicationSlot | null> {
    slotMetrics.unknown(); // until Postgres has answered
    const slot = await connector.slot.read();
    slotMetrics.seen(slot);
    return slot;
  }
  return async (stopping: AbortSignal): Promise<boolean> => {
    const slot = await lookAtSlot(); // first: a slot grows most while Connect is down
    if (!isRegistered) await registerConnector(connector);
    isRegistered = true;
    await captureNewLife(connector, postgres, { backoff: STOPPING, stopping, onRetry: async () => {} });
    await tendConnector(connector, slot);
    return false;
  };
}
