import { createAzureBlobStore } from '@assay/shared/blob/azure-blob-store';
import { connectPlatform, createLane } from '@assay/shared/bootstrap/platform';
import type { ServiceParts } from '@assay/shared/bootstrap/run-service';
import { serviceModule } from '@assay/shared/bootstrap/service-module';
import { Worker } from '@assay/shared/bootstrap/worker';
import { containers } from '@assay/shared/contracts/blobs';
import { roles } from '@assay/shared/contracts/roles';
import { topics } from '@assay/shared/contracts/topics';
import { LaneStrategy } from '@assay/shared/kafka/lane-strategy';
import { registerLaneStatus } from '@assay/shared/observability/lane-metrics';
import type { Logger } from '@assay/shared/observability/logger';
import type { LaneListener } from '@assay/shared/pipeline/lane-listener';
import { Module } from '@nestjs/common';
import { numberStreams } from './stream/number-lines.ts';
import { rollSegments } from './stream/roll-segments.ts';
import { spillDecision } from './stream/spill-decision.ts';
import type { OutputConfig } from './config.ts';
import { GOLD_BLOBS, OUTPUT_DATABASE } from './http/http-parts.ts';
import { LinesController } from './stream/lines.controller.ts';
import { OpenApiController } from './http/openapi.controller.ts';
import { ReleasesController } from './releases/releases.controller.ts';
import { decisionLane } from './stream/decision-lane.ts';

@Module({})
class AppModule {}

export interface BuildOptions {
  readonly config: OutputConfig;
  readonly log: Logger;
  readonly onFatal: (error: unknown) => void;
  /** Tests end the process at a gap of a batch through one of these. */
  readonly listeners?: readonly LaneListener[];
}

const SEGMENTS_EVERY_MS = 500;

/** The parts list of output. */
export async function buildOutput({ config, log, onFatal, listeners = [] }: BuildOptions): Promise<ServiceParts> {
  const platform = await connectPlatform({
    service: 'output',
    role: roles.output,
    settings: config,
    topics: [topics.decisionChanges, topics.outputDeadLetters],
    log,
  });
  const { postgres, registry } = platform;
  const blobs = createAzureBlobStore(config.BLOB_CONNECTION_STRING, containers.gold);
  const lane = createLane(platform, decisionLane(), { spill: spillDecision(blobs), listeners, onFatal });
  registerLaneStatus(registry, platform.service, [lane]);
  const limits = {
    lines: config.OUTPUT_SEGMENT_MAX_LINES,
    bytes: config.OUTPUT_SEGMENT_MAX_BYTES,
    ageMs: config.OUTPUT_SEGMENT_MAX_AGE_MS,
  };
  const numbering = { name: 'number-lines', everyMs: config.OUTPUT_NUMBERING_PAUSE_MS, log, onFatal };
  const segments = { name: 'roll-segments', everyMs: SEGMENTS_EVERY_MS, log, onFatal };
  return {
    module: serviceModule(AppModule, {
      controllers: [LinesController, ReleasesController, OpenApiController],
      providers: [
        { provide: OUTPUT_DATABASE, useValue: postgres },
        { provide: GOLD_BLOBS, useValue: blobs },
      ],
      checks: [...platform.checks, { name: 'blob', check: () => blobs.ping() }],
      registry,
      apiKeys: config.HTTP_API_KEYS,
    }),
    http: config,
    strategy: new LaneStrategy([
      lane,
      new Worker(numbering, () => numberStreams(postgres)),
      new Worker(segments, () => rollSegments(postgres, blobs, limits)),
    ]),
    close: platform.close,
  };
}
