import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { Registry } from 'prom-client';
import { undeclaredRoutes } from '../http/access.ts';
import { HealthController, METRICS_REGISTRY, READINESS_CHECKS } from '../http/health.controller.ts';
import { openApiOf } from '../http/openapi.ts';
import { OPEN_API, OpenApiController } from '../http/openapi.controller.ts';
import { ProblemFilter } from '../http/problem.ts';
import type { ReadinessCheck } from '../http/readiness.ts';
import { PipelineError } from '../errors/pipeline-error.ts';
import type { Log } from '../pipeline/log.ts';
import type { DoorFlow } from './flows.ts';

export interface ServiceHttp {
  readonly service: string;
  readonly doors: readonly DoorFlow[];
  readonly checks: readonly ReadinessCheck[];
  readonly registry: Registry;
  readonly log: Log;
}

@Module({})
class ServiceModule {}

/** Its controllers say who may call them; the server asks that before it reads a body (http/server.ts). */
export type HttpModule = DynamicModule & { readonly controllers: Type[] };

/** The doors of a service beside what every service has. */
export function serviceModule({ service, doors, checks, registry, log }: ServiceHttp): HttpModule {
  const controllers = [HealthController, OpenApiController, ...doors.map(({ controller }) => controller)];
  const undeclared = undeclaredRoutes(controllers);
  if (undeclared.length > 0)
    throw new PipelineError(
      'INVARIANT_BROKEN',
      `routes without @Access(…), so nobody knows who may call them: ${undeclared.join(', ')}`,
    );
  return {
    module: ServiceModule,
    controllers,
    providers: [
      { provide: READINESS_CHECKS, useValue: checks },
      { provide: METRICS_REGISTRY, useValue: registry },
      {
        provide: OPEN_API,
        useValue: openApiOf(
          service,
          doors.map(({ api }) => api),
        ),
      },
      { provide: APP_FILTER, useValue: new ProblemFilter(log) },
      ...doors.flatMap(({ providers }) => providers),
    ],
  };
}
