import 'reflect-metadata';
import type { DoorFlow } from '@assay/shared/bootstrap/flows';
import { serviceModule } from '@assay/shared/bootstrap/service-module';
import { httpFields } from '@assay/shared/config/fields';
import { createHttpServer } from '@assay/shared/http/server';
import { NestFactory } from '@nestjs/core';
import { Registry } from 'prom-client';
import { z } from 'zod';

export interface ServedDoors {
  get(path: string, headers?: Readonly<Record<string, string>>, method?: 'GET' | 'HEAD'): Promise<Response>;
  close(): Promise<void>;
}

/** The doors on a free port of loopback, as the service serves them. */
export async function serveDoors(...doors: readonly DoorFlow[]): Promise<ServedDoors> {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const module = serviceModule({ service: 'output', doors, checks: [], registry: new Registry(), log });
  const settings = z.object(httpFields).parse({ HTTP_BODY_MAX_BYTES: 1024 });
  const app = await NestFactory.create(module, createHttpServer(settings, module.controllers), {
    bodyParser: false,
    logger: false,
  });
  await app.listen(0, '127.0.0.1');
  const address = await app.getUrl();
  return {
    get: (path, headers = {}, method = 'GET') => fetch(`${address}${path}`, { headers, method }),
    close: () => app.close(),
  };
}
