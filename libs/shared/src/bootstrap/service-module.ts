import type { DynamicModule, Provider, Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Registry } from 'prom-client';
import { HealthController, METRICS_REGISTRY, READINESS_CHECKS } from '../http/health.controller.ts';
import type { ReadinessCheck } from '../http/readiness.ts';
import { API_KEYS, ApiKeyGuard } from '../http/api-key.guard.ts';

export interface ServiceHttp {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
  readonly checks: readonly ReadinessCheck[];
  readonly registry: Registry;
  readonly apiKeys: readonly string[];
}

/** A service's Nest module: its own controllers beside the ones every service has, all behind the API key guard. */
export function serviceModule(
  module: Type,
  { controllers, providers, checks, registry, apiKeys }: ServiceHttp,
): DynamicModule {
  return {
    module,
    controllers: [HealthController, ...controllers],
    providers: [
      { provide: READINESS_CHECKS, useValue: checks },
      { provide: METRICS_REGISTRY, useValue: registry },
      { provide: API_KEYS, useValue: apiKeys },
      { provide: APP_GUARD, useClass: ApiKeyGuard },
      ...providers,
    ],
  };
}
