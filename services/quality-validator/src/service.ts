import { openBlobStore } from '@assay/shared/blob/open-blob-store';
import { assembleService } from '@assay/shared/bootstrap/assemble-service';
import { connectPlatform } from '@assay/shared/bootstrap/platform';
import type { ServiceParts } from '@assay/shared/bootstrap/run-service';
import { containers } from '@assay/shared/contracts/blobs';
import { roles } from '@assay/shared/contracts/roles';
import { topics } from '@assay/shared/contracts/topics';
import type { Logger } from '@assay/shared/observability/logger';
import { rulesOf, type ValidatorConfig } from './config.ts';
import { flows } from './flows.ts';

export interface BuildOptions {
  readonly config: ValidatorConfig;
  readonly log: Logger;
  readonly onFatal: (error: unknown) => void;
}

/** The parts of the quality validator, connected. What they do is in flows.ts. */
export async function buildValidator({ config, log, onFatal }: BuildOptions): Promise<ServiceParts> {
  const platform = await connectPlatform({
    service: 'quality-validator',
    role: roles.validator,
    settings: config,
    topics: [topics.labels, topics.validatorDeadLetters],
    log,
  });
  const rules = rulesOf(config);
  log.info({ rules: rules.version }, 'Deciding by these rules.');
  const deadLetterBlobs = await openBlobStore(config.BLOB_CONNECTION_STRING, containers.deadLetters);
  const parts = { config, rules, postgres: platform.postgres, deadLetterBlobs, log };
  return assembleService({ platform, flows: flows(parts), checks: [], http: config, onFatal });
}
