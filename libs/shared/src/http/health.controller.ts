import { Controller, Get, Header, HttpCode, Inject, Res } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { Access } from './access.ts';
import type { Reply } from './reply.ts';
import { readiness, type Readiness, type ReadinessCheck } from './readiness.ts';

export const READINESS_CHECKS = Symbol('readiness checks');
export const METRICS_REGISTRY = Symbol('metrics registry');

const READY_TIMEOUT_MS = 2_000;

/** The three addresses every service has. `/health`: the process lives. `/ready`: so do all it needs. */
@Controller()
@Access('open')
export class HealthController {
  readonly #checks: readonly ReadinessCheck[];
  readonly #registry: Registry;

  constructor(
    @Inject(READINESS_CHECKS) checks: readonly ReadinessCheck[],
    @Inject(METRICS_REGISTRY) registry: Registry,
  ) {
    this.#checks = checks;
    this.#registry = registry;
  }

  @Get('health')
  health(): { status: string } {
    return { status: 'healthy' };
  }

  @Get('ready')
  @HttpCode(200)
  async ready(@Res({ passthrough: true }) reply: Reply): Promise<Readiness> {
    const answer = await readiness(this.#checks, READY_TIMEOUT_MS);
    if (answer.status !== 'ready') reply.status(503);
    return answer;
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.#registry.metrics();
  }
}
