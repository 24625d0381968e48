import { createAzureBlobStore } from '@assay/shared/blob/azure-blob-store';
import { connectPlatform, createLane } from '@assay/shared/bootstrap/platform';
import type { ServiceParts } from '@assay/shared/bootstrap/run-service';
import { serviceModule } from '@assay/shared/bootstrap/service-module';
import { spillTo } from '@assay/shared/bootstrap/spill';
import { Worker } from '@assay/shared/bootstrap/worker';
import { containers } from '@assay/shared/contracts/blobs';
import { roles } from '@assay/shared/contracts/roles';
import { topics } from '@assay/shared/contracts/topics';
import { LaneStrategy } from '@assay/shared/kafka/lane-strategy';
import { registerLaneStatus } from '@assay/shared/observability/lane-metrics';
import type { Logger } from '@assay/shared/observability/logger';
import { Module } from '@nestjs/common';
import { rejectExpired, settleMatched } from './votes/waiting-labels.ts';
import { rulesOf, type ValidatorConfig } from './config.ts';
import { labelLane } from './votes/label-lane.ts';

@Module({})
class AppModule {}

export interface BuildOptions {
  readonly config: ValidatorConfig;
  readonly log: Logger;
  readonly onFatal: (error: unknown) => void;
}

/** The parts list of the quality validator. */
export async function buildValidator({ config, log, onFatal }: BuildOptions): Promise<ServiceParts> {
  const platform = await connectPlatform({
    service: 'quality-validator',
    role: roles.validator,
    settings: config,
    topics: [topics.labels, topics.validatorDeadLetters],
    log,
  });
  const { postgres, registry, service } = platform;
  const rules = rulesOf(config);
  log.info({ rules: rules.version }, 'Deciding by these rules.');
  const spill = spillTo(createAzureBlobStore(config.BLOB_CONNECTION_STRING, containers.deadLetters));
  const lane = createLane(platform, labelLane(rules), { spill, listeners: [], onFatal });
  registerLaneStatus(registry, service, [lane]);

  const afterSeconds = config.QUALITY_VALIDATOR_WAIT_FOR_DOCUMENT_MS / 1000;
  const everyMs = config.QUALITY_VALIDATOR_RETRY_WAITING_MS;
  const waiting = new Worker({ name: 'waiting labels', everyMs, log, onFatal }, async () => {
    const expired = await rejectExpired(postgres, afterSeconds);
    if (expired > 0) log.warn({ expired }, 'Labels were rejected because their document never came.');
    return settleMatched(postgres, rules);
  });
  return {
    module: serviceModule(AppModule, {
      controllers: [],
      providers: [],
      checks: platform.checks,
      registry,
      apiKeys: config.HTTP_API_KEYS,
    }),
    http: config,
    strategy: new LaneStrategy([lane, waiting]),
    close: platform.close,
  };
}
