import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import type { Registry } from 'prom-client';
import { undeclaredRoutes } from '../http/access.ts';
import { API_KEYS, ApiKeyGuard } from '../http/api-key.guard.ts';
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
  readonly apiKeys: readonly string[];
  readonly log: Log;
}

@Module({})
class ServiceModule {}

/** The doors of a service beside what every service has, each route behind the access it declares. */
export function serviceModule({ service, doors, checks, registry, apiKeys, log }: ServiceHttp): DynamicModule {
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
      { provide: API_KEYS, useValue: apiKeys },
      {
        provide: OPEN_API,
        useValue: openApiOf(
          service,
          doors.map(({ api }) => api),
        ),
      },
      { provide: APP_GUARD, useClass: ApiKeyGuard },
      { provide: APP_FILTER, useValue: new ProblemFilter(log) },
      ...doors.flatMap(({ providers }) => providers),
    ],
  };
}
