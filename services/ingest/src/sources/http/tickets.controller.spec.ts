import { PipelineError } from '@assay/shared/errors/pipeline-error';
import { HttpException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import type { Submission } from './read-tickets.ts';
import { TicketsController } from './tickets.controller.ts';

const ticket = { source: 's', ticket_id: 't', text: 'x' };

function controller(publish: (submissions: readonly Submission[]) => Promise<void> = async () => {}) {
  const published: Submission[] = [];
  const tickets = new TicketsController(
    {
      async publish(submissions) {
        await publish(submissions);
        published.push(...submissions);
      },
    },
    1_000,
  );
  /** The answer as [status, body]. */
  const post = async (type: string | undefined, body: Buffer | null): Promise<readonly [number, unknown]> => {
    try {
      return [202, await tickets.submit(type, body)];
    } catch (error) {
      if (error instanceof HttpException) return [error.getStatus(), error.getResponse()];
      throw error;
    }
  };
  return { post, published };
}
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('POST /v1/tickets', () => {
  it('answers 202 with how many Kafka holds', async () => {
    const { post, published } = controller();
    expect(await post('application/json', json([ticket, ticket]))).toEqual([202, { accepted: 2 }]);
    expect(published).toHaveLength(2);
  });

  it.each(['application/json; charset=utf-8', 'Application/JSON', ' application/x-ndjson ;x=y'])(
    'takes the content type %j',
    async (type) => {
      expect((await controller().post(type, json(ticket)))[0]).toBe(202);
    },
  );

  it.each(['text/csv', '', undefined])('answers 415 to %j and says what it takes', async (type) => {
    const [status, answer] = await controller().post(type, json(ticket));
    expect(status).toBe(415);
    expect(answer).toMatchObject({
      code: 'UNSUPPORTED_MEDIA_TYPE',
      detail: expect.stringContaining('application/x-ndjson'),
    });
  });

  it('takes all of a request or none of it: one bad ticket is 422, and nothing is published', async () => {
    const { post, published } = controller();
    const [status, answer] = await post('application/json', json([ticket, { ...ticket, text: '' }]));
    expect(status).toBe(422);
    expect(answer).toMatchObject({
      code: 'CONTRACT_VIOLATED',
      detail: expect.stringContaining('none was taken'),
      rejections: [{ index: 1, code: 'CONTRACT_VIOLATED', detail: 'text: is empty' }],
    });
    expect(published).toEqual([]);
  });

  it('tells the first hundred of many faults', async () => {
    const [, answer] = await controller().post('application/json', json(Array(500).fill({})));
    expect((answer as { rejections: unknown[] }).rejections).toHaveLength(100);
  });

  it('answers 413 to more tickets than a request may hold, and nothing is published', async () => {
    const { post, published } = controller();
    expect(await post('application/json', json(Array(1_001).fill(ticket)))).toMatchObject([
      413,
      { code: 'PAYLOAD_TOO_LARGE', detail: expect.stringContaining('more than 1000 tickets') },
    ]);
    expect(published).toEqual([]);
  });

  it.each([
    ['an empty list', json([])],
    ['blank lines', Buffer.from('\n\n')],
  ])('answers 422 to %s: nobody means to send nothing', async (what, body) => {
    const type = what === 'blank lines' ? 'application/x-ndjson' : 'application/json';
    expect(await controller().post(type, body)).toMatchObject([
      422,
      { detail: expect.stringContaining('There is no ticket in the request'), code: 'CONTRACT_VIOLATED' },
    ]);
  });

  it('answers 422 to no body at all', async () => {
    expect((await controller().post('application/json', null))[0]).toBe(422);
  });

  it('answers 503 when Kafka does not answer: the same request may be sent again', async () => {
    const outage = new PipelineError('DEPENDENCY_UNAVAILABLE', 'publishing: refused', { dependency: 'kafka' });
    const { post, published } = controller(() => Promise.reject(outage));
    expect(await post('application/json', json(ticket))).toMatchObject([
      503,
      { detail: 'Kafka does not answer; send the same request again later.', code: 'DEPENDENCY_UNAVAILABLE' },
    ]);
    expect(published).toEqual([]);
  });

  it('lets a bug through, for the service to say so', async () => {
    const { post } = controller(() => Promise.reject(new TypeError('a bug')));
    await expect(post('application/json', json(ticket))).rejects.toThrow('a bug');
  });
});
