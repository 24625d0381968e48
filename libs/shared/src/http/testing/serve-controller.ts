import type { AddressInfo } from 'node:net';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { doorFlow } from '../../bootstrap/flows.ts';
import { serviceModule } from '../../bootstrap/service-module.ts';
import { httpFields } from '../../config/fields.ts';
import { createHttpServer } from '../server.ts';

export interface Served {
  readonly port: number;
  close(): Promise<void>;
}

/** A server on loopback with one controller, as a service has it; settings by their names in the environment. */
export async function serveController(controller: Type, settings: Readonly<Record<string, string>>): Promise<Served> {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const doors = [doorFlow(controller, [], { paths: {} })];
  const module = serviceModule({ service: 'spec', doors, checks: [], registry: new Registry(), log });
  const server = createHttpServer(z.object(httpFields).parse(settings), module.controllers);
  const app = await NestFactory.create<NestFastifyApplication>(module, server, { bodyParser: false, logger: false });
  await app.listen(0, '127.0.0.1');
  return { port: (app.getHttpServer().address() as AddressInfo).port, close: () => app.close() };
}
