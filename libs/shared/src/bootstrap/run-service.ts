import 'reflect-metadata';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { HttpSettings } from '../config/fields.ts';
import { createHttpServer } from '../http/server.ts';
import { LaneStrategy, type Startable } from './lane-strategy.ts';
import type { Logger } from '../observability/logger.ts';
import type { HttpModule } from './service-module.ts';

/** How long a stop may take; after that the process ends anyway. Nothing is lost by it, only delivered again. */
const STOP_TIMEOUT_MS = 25_000;

/** Everything a service is made of, connected but not started. */
export interface ServiceParts {
  readonly module: HttpModule;
  readonly http: HttpSettings;
  readonly lanes: readonly Startable[];
  readonly workers: readonly Startable[];
  /** Connections, closed last and in this order. */
  readonly close: readonly (() => Promise<void>)[];
}

export type BuildService = (onFatal: (error: unknown) => void) => Promise<ServiceParts>;

/**
 * Start: connect (`build` waits for dependencies, migrates, checks topics and identity) → Nest → lanes → workers → HTTP, so
 * that no request comes in before it can be served. Stop: HTTP → lanes and workers (what is in hand ends) → connections. A failure on either
 * way is said once and ends the process with 1, for its supervisor to start it again.
 */
export async function runService(log: Logger, build: BuildService): Promise<void> {
  let running: { app: NestFastifyApplication; parts: ServiceParts } | null = null;
  let ending = false;

  async function end(exitCode: number): Promise<void> {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    try {
      if (running !== null) await stop(running.app, running.parts);
    } catch (error) {
      log.warn({ err: error }, 'The service did not stop cleanly.');
    }
    process.exit(exitCode);
  }
  function fail(error: unknown): void {
    if (!ending) log.error({ err: error }, 'The service cannot go on and ends; what was not committed comes again.');
    void end(1);
  }

  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(0));
  try {
    const parts = await build(fail);
    const app = await createApp(parts, log);
    running = { app, parts };
    await app.startAllMicroservices();
    for (const worker of parts.workers) await worker.start();
    await app.listen(parts.http.HTTP_PORT, parts.http.HTTP_HOST);
    const address = await app.getUrl();
    log.info({ address }, 'Ready.');
    process.send?.({ address }); // a parent that started us on a free port learns it here
  } catch (error) {
    fail(error);
  }
}

async function createApp({ module, http, lanes }: ServiceParts, log: Logger): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(module, createHttpServer(http, module.controllers), {
    bodyParser: false,
    logger: nestLogger(log),
    abortOnError: false,
  });
  app.connectMicroservice({ strategy: new LaneStrategy(lanes) }, { inheritAppConfig: false });
  return app;
}

async function stop(app: NestFastifyApplication, { workers, close }: ServiceParts): Promise<void> {
  await app.close(); // HTTP first, then the strategy, which drains the lanes
  await Promise.all(workers.map((worker) => worker.stop()));
  for (const closeConnection of close) await closeConnection();
}

/** Nest speaks of every route it maps; to us that is debug. Its errors are errors. */
function nestLogger(log: Logger): LoggerService {
  const debug = (message: unknown) => log.debug({ from: 'nest' }, String(message));
  return {
    log: debug,
    debug,
    verbose: debug,
    warn: (message: unknown) => log.warn({ from: 'nest' }, String(message)),
    error: (message: unknown) => {
      if (message instanceof Error) log.error({ from: 'nest', err: message }, 'A request failed.');
      else log.error({ from: 'nest' }, String(message));
    },
  };
}
