import { doorFlow } from '@assay/shared/bootstrap/flows';
import { serviceModule } from '@assay/shared/bootstrap/service-module';
import { httpFields } from '@assay/shared/config/fields';
import { PipelineError } from '@assay/shared/errors/pipeline-error';
import { createHttpServer } from '@assay/shared/http/server';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import 'reflect-metadata';
import { readAnnotationBridgeConfig } from '../config.ts';
import { sample } from '../testing/samples.ts';
import { openWebhookReceivers } from './registry.ts';
import { WEBHOOK_INBOX, WEBHOOK_RECEIVERS, WebhooksController } from './webhooks.controller.ts';
import { webhooksApi } from './webhooks.openapi.ts';

const SECRET = 'a-secret-of-sixteen-letters';
const settings = {
  KAFKA_BROKERS: 'localhost:9092',
  DATABASE_URL: 'postgres://u:p@localhost/assay',
  BLOB_CONNECTION_STRING: 'file:///srv/blobs',
  CONNECT_URL: 'http://localhost:8083',
  ANNOTATION_BRIDGE_PSEUDONYM_KEY: `k1:${'0'.repeat(64)}`,
  ANNOTATION_BRIDGE_TARGETS: 'files, label-studio',
  LABEL_STUDIO_URL: 'http://localhost:8080',
  LABEL_STUDIO_API_KEY: 'x',
  LABEL_STUDIO_PROJECT_ID: '1',
  LABEL_STUDIO_WEBHOOK_SECRET: SECRET,
};

let app: NestFastifyApplication | undefined;
let kept: unknown[];
let isDown: boolean;
beforeEach(() => {
  kept = [];
  isDown = false;
});
afterEach(() => app?.close());

async function post(environment: Record<string, string>, tool: string, headers: object, payload: string) {
  const inbox = {
    async add(...hints: unknown[]) {
      if (isDown) throw new PipelineError('DEPENDENCY_UNAVAILABLE', 'postgres is down');
      kept.push(hints);
    },
  };
  const door = doorFlow(
    WebhooksController,
    [
      { provide: WEBHOOK_RECEIVERS, useValue: openWebhookReceivers(readAnnotationBridgeConfig(environment)) },
      { provide: WEBHOOK_INBOX, useValue: inbox },
    ],
    webhooksApi(),
  );
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const module = serviceModule({ service: 'spec', doors: [door], checks: [], registry: new Registry(), log });
  const http = z.object(httpFields).parse({ HTTP_API_KEYS: 'an-api-key-of-the-server' });
  const server = createHttpServer(http, module.controllers);
  app = await NestFactory.create<NestFastifyApplication>(module, server, { bodyParser: false, logger: false });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const sent = { 'content-type': 'application/json', host: 'localhost', ...headers };
  return app.inject({ method: 'POST', url: `/v1/webhooks/${tool}`, headers: sent, payload });
}

describe('POST /v1/webhooks/label-studio', () => {
  const event = JSON.stringify(sample('label-studio', 'webhook-delivery-annotation-created').request.body);
  const genuine = { authorization: `Bearer ${SECRET}` };

  it('keeps where to look, and nothing else of it, before it answers', async () => {
    const answer = await post(settings, 'label-studio', genuine, event);
    expect(answer.statusCode).toBe(204);
    expect(kept).toEqual([['label-studio', { items: ['15'], answers: [] }]]);
  });

  it.each([
    ['without the secret', {}],
    ['with another secret', { authorization: 'Bearer another-secret-of-letters' }],
    ['with an API key of the server instead', { authorization: 'Bearer an-api-key-of-the-server' }],
  ])('keeps nothing of what comes %s', async (_name, headers) => {
    expect((await post(settings, 'label-studio', headers, event)).statusCode).toBe(401);
    expect(kept).toEqual([]);
  });

  it.each([
    ['a tool nobody heard of', settings, 'another'],
    ['a tool that is no target', { ...settings, ANNOTATION_BRIDGE_TARGETS: 'files' }, 'label-studio'],
  ])('refuses webhooks of %s', async (_name, environment, tool) => {
    const answer = await post(environment, tool, genuine, event);
    expect([answer.statusCode, kept]).toEqual([404, []]);
  });

  it('refuses all while there is no secret to verify by', async () => {
    const { LABEL_STUDIO_WEBHOOK_SECRET: _none, ...without } = settings;
    expect((await post(without, 'label-studio', genuine, event)).json()).toMatchObject({
      status: 404,
      detail: expect.stringContaining('set the secret'),
    });
  });

  it('says so when the body is no JSON, or nothing could be kept', async () => {
    expect((await post(settings, 'label-studio', genuine, '{')).json()).toMatchObject({ code: 'DECODE_FAILED' });
    await app?.close();
    isDown = true;
    expect((await post(settings, 'label-studio', genuine, event)).statusCode).toBe(503);
  });
});
