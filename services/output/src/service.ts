import { openBlobStore } from '@assay/shared/blob/open-blob-store';
import { assembleService } from '@assay/shared/bootstrap/assemble-service';
import { connectPlatform } from '@assay/shared/bootstrap/platform';
import type { ServiceParts } from '@assay/shared/bootstrap/run-service';
import { containers } from '@assay/shared/contracts/blobs';
import { channels } from '@assay/shared/contracts/channels';
import { roles } from '@assay/shared/contracts/roles';
import { topics } from '@assay/shared/contracts/topics';
import type { Logger } from '@assay/shared/observability/logger';
import type { OutputConfig } from './config.ts';
import { flows } from './flows.ts';

export interface BuildOptions {
  readonly config: OutputConfig;
  readonly log: Logger;
  readonly onFatal: (error: unknown) => void;
}

/** The parts of output, connected. What they do is in flows.ts. */
export async function buildOutput({ config, log, onFatal }: BuildOptions): Promise<ServiceParts> {
  const platform = await connectPlatform({
    service: 'output',
    role: roles.output,
    settings: config,
    topics: [topics.decisionChanges, topics.outputDeadLetters],
    log,
  });
  const gold = await openBlobStore(config.BLOB_CONNECTION_STRING, containers.gold);
  return assembleService({
    platform,
    flows: flows({ config, postgres: platform.postgres, gold, linesAppended: platform.bell(channels.lines) }),
    checks: [{ name: 'blob', check: () => gold.ping() }],
    http: config,
    onFatal,
  });
}
