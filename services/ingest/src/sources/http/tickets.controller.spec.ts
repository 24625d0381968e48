import { PipelineError } from '@assay/shared/errors/pipeline-error';
import type { Reply } from '@assay/shared/http/reply';
import { HttpException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import type { Submission } from './read-tickets.ts';
import { TicketsController } from './tickets.controller.ts';

type Answer = readonly [status: number, body: unknown];

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
    ({ ticketId }) => `the doc_id of ${ticketId}`,
    1_000,
  );
  const answered: Record<string, string> = {};
  const reply: Pick<Reply, 'header'> = {
    header: (name, value) => ((answered[name] = value), reply as Reply),
  };
  /** The answer as [status, body]. */
  const post = async (type: string | undefined, body: Buffer | null, accept?: string): Promise<Answer> => {
    try {
      return [202, await tickets.submit({ 'content-type': type, accept }, body, reply)];
    } catch (error) {
      if (error instanceof HttpException) return [error.getStatus(), error.getResponse()];
      throw error;
    }
  };
  return { post, published, answered };
}
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('POST /v1/tickets', () => {
  it('answers 202 with how many Kafka holds, and the doc_id of each', async () => {
    const { post, published, answered } = controller();
    const tickets = [
      { index: 0, doc_id: 'the doc_id of t' },
      { index: 1, doc_id: 'the doc_id of u' },
    ];
    const given = json([ticket, { ...ticket, ticket_id: 'u' }]);
    expect(await post('application/json', given)).toEqual([202, { accepted: 2, tickets }]);
    expect(published).toHaveLength(2);
    expect(answered).toEqual({});
  });

  it.each([
    'application/x-ndjson',
    'Application/X-NDJSON;q=1, application/json',
    'text/plain, application/x-ndjson, */*',
  ])('answers a line for each ticket to who accepts %j', async (accept) => {
    const { post, answered } = controller();
    const lines = '{"index":0,"doc_id":"the doc_id of t"}\n{"index":1,"doc_id":"the doc_id of t"}\n';
    expect(await post('application/json', json([ticket, ticket]), accept)).toEqual([202, lines]);
    expect(answered).toEqual({ 'content-type': 'application/x-ndjson' });
  });

  it.each(['application/json, application/x-ndjson', '*/*', 'text/plain', '', undefined])(
    'answers JSON to who accepts %j, also for lines',
    async (accept) => {
      const { post, answered } = controller();
      expect(await post('application/x-ndjson', json(ticket), accept)).toMatchObject([202, { accepted: 1 }]);
      expect(answered).toEqual({});
    },
  );

  it('refuses with a problem, whatever is accepted', async () => {
    const { post, answered } = controller();
    const refused = await post('application/x-ndjson', Buffer.from('1\n'), 'application/x-ndjson');
    expect(refused).toMatchObject([422, { rejections: [{ index: 0 }] }]);
    expect(answered).toEqual({});
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
