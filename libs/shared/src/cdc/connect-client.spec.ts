import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { PipelineError } from '../errors/pipeline-error.ts';
import { createConnectClient } from './connect-client.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** A Kafka Connect that answers everything alike, and keeps what it was asked. */
async function answering(status: number, body: string): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  server = createServer((request: IncomingMessage, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${text}`.trim());
      response.writeHead(status).end(body);
    });
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}

const failureOf = async (work: Promise<unknown>): Promise<PipelineError> => {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PipelineError);
  return error as PipelineError;
};

describe('createConnectClient', () => {
  it('asks what Kafka Connect understands', async () => {
    const { url, asked } = await answering(200, '{}');
    const client = createConnectClient(url);
    await client.putConfig('assay', { 'slot.name': 'assay' });
    await client.status('assay');
    await client.restartFailed('assay');
    await client.stop('assay');
    await client.forgetOffsets('assay');
    await client.resume('assay');
    expect(asked).toEqual([
      'PUT /connectors/assay/config {"slot.name":"assay"}',
      'GET /connectors/assay/status',
      'POST /connectors/assay/restart?includeTasks=true&onlyFailed=true',
      'PUT /connectors/assay/stop',
      'DELETE /connectors/assay/offsets',
      'PUT /connectors/assay/resume',
    ]);
  });

  it('answers null for a connector that is not there', async () => {
    const { url } = await answering(404, '{"error_code":404,"message":"No status found"}');
    expect(await createConnectClient(url).status('assay')).toBeNull();
    expect(await createConnectClient(url).config('assay')).toBeNull();
  });

  it.each([
    [409, 'Cannot complete request momentarily due to stale configuration'],
    [400, 'Connector configuration is invalid: the connection attempt failed'],
    [500, 'Request timed out'],
  ])('takes %s for an outage, with its reason', async (status, message) => {
    const { url } = await answering(status, JSON.stringify({ error_code: status, message }));
    const error = await failureOf(createConnectClient(url).putConfig('assay', {}));
    expect(error).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', dependency: 'connect' });
    expect(error.message).toBe(`PUT /connectors/assay/config: Kafka Connect answered ${status} ${message}`);
  });

  it('takes an answer that is no JSON for an outage', async () => {
    const { url } = await answering(200, '<html>');
    expect((await failureOf(createConnectClient(url).status('assay'))).dependency).toBe('connect');
  });

  it('says what happened to the connection', async () => {
    const { url } = await answering(200, '{}');
    const closed = Promise.withResolvers<unknown>();
    server!.close(closed.resolve);
    await closed.promise;
    expect((await failureOf(createConnectClient(url).status('assay'))).message).toContain('ECONNREFUSED');
  });
});
