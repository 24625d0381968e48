import 'reflect-metadata';
import type { DoorFlow } from '@assay/shared/bootstrap/flows';
import { serviceModule } from '@assay/shared/bootstrap/service-module';
import { createHttpServer } from '@assay/shared/http/server';
import { NestFactory } from '@nestjs/core';
import { Registry } from 'prom-client';

export interface ServedDoors {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  close(): Promise<void>;
}

/** The doors on a free port of loopback, as the service serves them. */
export async function serveDoors(...doors: readonly DoorFlow[]): Promise<ServedDoors> {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const module = serviceModule({ service: 'output', doors, checks: [], registry: new Registry(), apiKeys: [], log });
  const app = await NestFactory.create(module, createHttpServer(1024), { bodyParser: false, logger: false });
  await app.listen(0, '127.0.0.1');
  const address = await app.getUrl();
  return {
    get: (path, headers = {}) => fetch(`${address}${path}`, { headers }),
    close: () => app.close(),
  };
}
