import { connectPlatform } from '@assay/shared/bootstrap/platform';
import type { ServiceParts } from '@assay/shared/bootstrap/run-service';
import { serviceModule } from '@assay/shared/bootstrap/service-module';
import { roles } from '@assay/shared/contracts/roles';
import { topics } from '@assay/shared/contracts/topics';
import { LaneStrategy } from '@assay/shared/kafka/lane-strategy';
import type { Logger } from '@assay/shared/observability/logger';
import { Module } from '@nestjs/common';
import { createLineage } from './documents/lineage.ts';
import type { ConsoleConfig } from './config.ts';
import { DocumentsController } from './documents/documents.controller.ts';
import { LINEAGE, PAGE, STATUS } from './http/http-parts.ts';
import { OpenApiController } from './http/openapi.controller.ts';
import { PageController } from './page/page.controller.ts';
import { StatusController } from './status/status.controller.ts';
import { readPage } from './page/read-page.ts';
import { StatusCollector } from './status/collect-status.ts';
import { SharedAnswer } from './status/shared-answer.ts';

@Module({})
class AppModule {}

const STATUS_MAX_AGE_MS = 800;

export interface BuildOptions {
  readonly config: ConsoleConfig;
  readonly log: Logger;
}

/** The parts list of the console. It reads and never writes; it has no lane. */
export async function buildConsole({ config, log }: BuildOptions): Promise<ServiceParts> {
  const platform = await connectPlatform({
    service: 'console',
    role: roles.reader,
    settings: config,
    topics: Object.values(topics),
    log,
  });
  const { postgres, admin, registry, checks, close } = platform;
  const lineage = createLineage(postgres);
  const sources = { lineage, admin, connectUrl: config.CONNECT_URL, services: config.CONSOLE_SERVICES, now: Date.now };
  const collector = new StatusCollector(sources);
  const status = new SharedAnswer(() => collector.collect(), STATUS_MAX_AGE_MS, Date.now);
  return {
    module: serviceModule(AppModule, {
      controllers: [StatusController, DocumentsController, PageController, OpenApiController],
      providers: [
        { provide: STATUS, useValue: status },
        { provide: LINEAGE, useValue: lineage },
        { provide: PAGE, useValue: await readPage() },
      ],
      checks,
      registry,
      apiKeys: config.HTTP_API_KEYS,
    }),
    http: config,
    strategy: new LaneStrategy([]),
    close,
  };
}
