import { createMasker } from '@assay/pii/masker';
import { createAzureBlobStore } from '@assay/shared/blob/azure-blob-store';
import { connectPlatform, createLane } from '@assay/shared/bootstrap/platform';
import type { ServiceParts } from '@assay/shared/bootstrap/run-service';
import { serviceModule } from '@assay/shared/bootstrap/service-module';
import { containers } from '@assay/shared/contracts/blobs';
import { roles } from '@assay/shared/contracts/roles';
import { topics } from '@assay/shared/contracts/topics';
import { LaneStrategy } from '@assay/shared/kafka/lane-strategy';
import { registerLaneStatus } from '@assay/shared/observability/lane-metrics';
import type { Logger } from '@assay/shared/observability/logger';
import type { LaneListener } from '@assay/shared/pipeline/lane-listener';
import { Module } from '@nestjs/common';
import { createBronze } from './bronze/bronze.ts';
import { startBronzeSweep } from './bronze/bronze-sweep.ts';
import { guardIdentity } from './tickets/identity-guard.ts';
import type { IngestConfig } from './config.ts';
import { OpenApiController } from './sources/http/openapi.controller.ts';
import { createTicketPublisher } from './sources/ticket-publisher.ts';
import { TICKET_PUBLISHER, TicketsController } from './sources/http/tickets.controller.ts';
import { ticketLane } from './tickets/ticket-lane.ts';

@Module({})
class AppModule {}

export interface BuildOptions {
  readonly config: IngestConfig;
  readonly log: Logger;
  readonly onFatal: (error: unknown) => void;
  /** Tests end the process at a gap of a batch through one of these. */
  readonly listeners?: readonly LaneListener[];
}

/** The parts list of ingest. */
export async function buildIngest({ config, log, onFatal, listeners = [] }: BuildOptions): Promise<ServiceParts> {
  const platform = await connectPlatform({
    service: 'ingest',
    role: roles.ingest,
    settings: config,
    topics: [topics.ticketsRaw, topics.ingestDeadLetters],
    log,
  });
  const { postgres, producer, registry } = platform;
  const { keyId } = await guardIdentity(postgres, config.INGEST_IDENTITY_KEY);
  log.info({ keyId }, 'Identity key accepted.');

  const blobs = createAzureBlobStore(config.BLOB_CONNECTION_STRING, containers.bronze);
  const bronze = createBronze(blobs, config.INGEST_BRONZE_KEY);
  const lane = createLane(
    platform,
    ticketLane({ identityKey: config.INGEST_IDENTITY_KEY, masker: createMasker(), documents: postgres, bronze }),
    { spill: (record) => bronze.spill(record), listeners, onFatal },
  );
  registerLaneStatus(registry, platform.service, [lane]);
  const stopSweep = startBronzeSweep(blobs, postgres, config.INGEST_BRONZE_SWEEP_AFTER_HOURS, log);
  return {
    module: serviceModule(AppModule, {
      controllers: [TicketsController, OpenApiController],
      providers: [{ provide: TICKET_PUBLISHER, useValue: createTicketPublisher(producer) }],
      checks: [...platform.checks, { name: 'blob', check: () => blobs.ping() }],
      registry,
      apiKeys: config.HTTP_API_KEYS,
    }),
    http: config,
    strategy: new LaneStrategy([lane]),
    close: [stopSweep, ...platform.close],
  };
}
