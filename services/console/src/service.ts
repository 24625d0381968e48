import { connectPlatform } from '@assay/shared/bootstrap/platform';
import type { ServiceParts } from '@assay/shared/bootstrap/run-service';
import { assembleService } from '@assay/shared/bootstrap/assemble-service';
import { roles } from '@assay/shared/contracts/roles';
import { topics } from '@assay/shared/contracts/topics';
import type { Logger } from '@assay/shared/observability/logger';
import { LetterDesk } from './dead-letters/letter-desk.ts';
import { createLineage } from './documents/lineage.ts';
import type { ConsoleConfig } from './config.ts';
import { flows } from './flows.ts';
import { readPage } from './page/read-page.ts';
import { StatusCollector } from './status/collect-status.ts';
import { countedLineage } from './status/counted-lineage.ts';
import { SharedAnswer } from './status/shared-answer.ts';

const STATUS_MAX_AGE_MS = 800;

export interface BuildOptions {
  readonly config: ConsoleConfig;
  readonly log: Logger;
  readonly onFatal: (error: unknown) => void;
}

/** The parts of the console, connected. What they do is in flows.ts. */
export async function buildConsole({ config, log, onFatal }: BuildOptions): Promise<ServiceParts> {
  const platform = await connectPlatform({
    service: 'console',
    role: roles.console,
    settings: config,
    topics: Object.values(topics),
    log,
  });
  const { postgres, kafka } = platform;
  const lineage = countedLineage(createLineage(postgres), Date.now);
  const sources = {
    lineage,
    admin: kafka.admin,
    connectUrl: config.CONNECT_URL,
    services: config.CONSOLE_SERVICES,
    now: Date.now,
  };
  const collector = new StatusCollector(sources);
  const status = new SharedAnswer(() => collector.collect(), STATUS_MAX_AGE_MS, Date.now);
  return assembleService({
    platform,
    flows: flows({ page: await readPage(), status, lineage, letterDesk: new LetterDesk(kafka, postgres) }),
    checks: [],
    http: config,
    onFatal,
  });
}
