import { gzipSync, zstdCompressSync } from 'node:zlib';
import { topics } from '@assay/shared/contracts/topics';
import { MIB } from '@assay/shared/contracts/units';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { filesHolding } from './support/find-bytes.ts';
import type { ServiceProcess } from './support/service-process.ts';
import { TicketBed } from './support/ticket-bed.ts';
import { until } from './support/until.ts';

const EMAIL = 'jane.roe.4711@private.example';
const JSON_TYPE = 'application/json';

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly retryAfter: string | null;
}

/** Tickets by HTTP, and what becomes of what stands in them. */
describe('POST /v1/tickets', () => {
  let bed: TicketBed;
  let ingest: ServiceProcess;
  let number = 0;

  beforeAll(async () => {
    bed = await TicketBed.start();
    ingest = bed.ingest({ HTTP_BODY_MAX_BYTES: String(8 * MIB) });
    await ingest.ready();
  });
  afterAll(() => bed.stop());
  beforeEach(({ onTestFailed }) => onTestFailed(() => bed.explain()));

  /** A ticket that was not sent before. */
  function ticket(changes: object = {}) {
    number++;
    return { source: 'http', ticket_id: `H-${number}`, text: `Ticket ${number}: please call back.`, ...changes };
  }

  async function post(type: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const bytes =
      typeof body === 'string' ? body : body instanceof Buffer ? new Uint8Array(body) : JSON.stringify(body);
    const init = { method: 'POST', headers: { 'content-type': type, ...headers }, body: bytes };
    const answer = await fetch(`${await ingest.ready()}/v1/tickets`, init);
    const retryAfter = answer.headers.get('retry-after');
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown>, retryAfter };
  }

  /** Which of the documents that an answer tells of there are. */
  async function storedOf(docIds: readonly string[]): Promise<number> {
    const { rows } = await bed.database.query('select 1 from public.documents where doc_id = any ($1)', [docIds]);
    return rows.length;
  }
  const docIdsOf = ({ body }: Answer) => (body['tickets'] as { doc_id: string }[]).map(({ doc_id }) => doc_id);

  async function inTopic(): Promise<number> {
    const ends = await bed.admin.fetchTopicOffsets(topics.ticketsRaw.name);
    return ends.reduce((sum, { high }) => sum + Number(high), 0);
  }

  const event = (data: object) => ({ specversion: '1.0', type: 'ticket', id: '1', source: 's', data });
  const lines = (...values: object[]) => `${values.map((value) => JSON.stringify(value)).join('\n')}\n`;

  it.each([
    ['one', JSON_TYPE, 1, () => ticket()],
    ['with a charset', `${JSON_TYPE}; charset=utf-8`, 1, () => ticket()],
    ['a list', JSON_TYPE, 3, () => [ticket(), ticket(), ticket()]],
    ['lines', 'application/x-ndjson', 2, () => lines(ticket(), ticket())],
    [
      'lines without a newline at the end, and a blank one',
      'application/jsonl',
      2,
      () => `${lines(ticket())}\n${JSON.stringify(ticket())}`,
    ],
    ['a CloudEvent', 'application/cloudevents+json', 1, () => event(ticket())],
    ['several CloudEvents', 'application/cloudevents-batch+json', 2, () => [event(ticket()), event(ticket())]],
  ])('%s: 202 says that Kafka holds them, and they become the documents it names', async (_, type, count, body) => {
    const [held, stored] = [await inTopic(), await bed.documentCount()];
    const answer = await post(type, body());
    expect(answer).toMatchObject({ status: 202, body: { accepted: count } });
    expect(await inTopic()).toBe(held + count);
    await until('the documents', async () => (await bed.documentCount()) === stored + count);
    expect(docIdsOf(answer)).toHaveLength(count);
    expect(await storedOf(docIdsOf(answer))).toBe(count);
  });

  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('compressed by %s, and the same again as they are: the same documents', async (coding, pack) => {
    const given = lines(ticket(), ticket());
    const answer = await post('application/x-ndjson', pack(given), { 'content-encoding': coding });
    await until('the documents', async () => (await storedOf(docIdsOf(answer))) === 2);
    expect(docIdsOf(await post('application/x-ndjson', given))).toEqual(docIdsOf(answer));
  });

  it.each([
    ['a type we do not read', 415, 'text/csv', () => 'source,ticket_id,text'],
    ['no ticket at all', 422, JSON_TYPE, () => []],
    ['an empty body', 422, JSON_TYPE, () => ''],
    ['a body beyond the limit', 413, JSON_TYPE, () => ticket({ text: 'x'.repeat(8 * MIB) })],
    ['a ticket that no message can carry', 422, JSON_TYPE, () => ticket({ fields: { log: 'x'.repeat(5 * MIB) } })],
  ])('%s: nothing is taken', async (_, status, type, body) => {
    const held = await inTopic();
    expect(await post(type, body())).toMatchObject({ status });
    expect(await inTopic()).toBe(held);
  });

  it('a body beyond the limit is answered every time, though its sender still writes', async () => {
    const body = ticket({ text: 'x'.repeat(8 * MIB) });
    for (let round = 0; round < 50; round++) expect((await post(JSON_TYPE, body)).status).toBe(413);
  });

  it('one wrong ticket among others: 422 says which and why without quoting it, and none is taken', async () => {
    const held = await inTopic();
    const wrong = [ticket(), ticket({ text: undefined, note: EMAIL }), ticket(), ticket({ priority: 10, note: EMAIL })];
    for (const [type, body] of [
      [JSON_TYPE, wrong],
      ['application/x-ndjson', lines(...wrong)],
    ] as const) {
      const answer = await post(type, body);
      expect(answer).toMatchObject({
        status: 422,
        body: {
          rejections: [
            { index: 1, code: 'CONTRACT_VIOLATED', detail: expect.stringMatching(/^text: /) },
            { index: 3, code: 'CONTRACT_VIOLATED', detail: expect.stringMatching(/^priority: /) },
          ],
        },
      });
      expect(JSON.stringify(answer)).not.toContain(EMAIL);
    }
    expect(await inTopic()).toBe(held);
  });

  it('with keys set, only who shows one may send; probes and metrics stay open', async () => {
    const guarded = bed.ingest({ HTTP_API_KEYS: 'first-key,second-key' });
    const address = await guarded.ready();
    const send = async (headers: Record<string, string>) =>
      (
        await fetch(`${address}/v1/tickets`, {
          method: 'POST',
          headers: { 'content-type': JSON_TYPE, ...headers },
          body: JSON.stringify(ticket()),
        })
      ).status;
    const held = await inTopic();
    expect(await send({})).toBe(401);
    expect(await send({ authorization: 'Bearer third-key' })).toBe(401);
    expect(await inTopic()).toBe(held);
    expect(await send({ authorization: 'Bearer second-key' })).toBe(202);
    for (const path of ['health', 'ready', 'metrics']) expect((await fetch(`${address}/${path}`)).status).toBe(200);
    expect(JSON.stringify(guarded.log)).not.toContain('first-key');
    await guarded.stop();
  });

  it('/metrics tells what the lane did', async () => {
    await bed.settled();
    const lane = 'service="ingest",lane="assay.ingest.tickets"';
    const told = [
      new RegExp(`pipeline_messages_total\\{${lane},step="write",outcome="accepted",code=""\\} [1-9]`),
      new RegExp(`pipeline_batch_seconds_count\\{${lane}\\} [1-9]`),
      new RegExp(`pipeline_lag_messages\\{${lane},partition="\\d"\\} 0`),
      new RegExp(`pipeline_oldest_unprocessed_seconds\\{${lane}\\} 0$`, 'm'),
    ];
    const missing = async () => {
      const text = await (await fetch(`${await ingest.ready()}/metrics`)).text();
      return told.filter((line) => !line.test(text));
    };
    // The service of the test before has just left the group, and its partitions are on their way.
    await until('metrics of every partition', async () => (await missing()).length === 0);
    expect(await missing()).toEqual([]);
  });

  it('what stands in a ticket stands in clear in no file of ours but the raw topic and its dead letters', async () => {
    const raw = `{ "source":"kafka",\n "ticket_id":"raw", "text":"Write to ${EMAIL}, please." }`;
    await bed.send([{ key: 'raw', value: raw }]);
    await bed.send([{ key: 'refused', value: `{"text":"${EMAIL}"}` }]);
    expect((await post(JSON_TYPE, ticket({ text: `Or to ${EMAIL}.`, fields: { [EMAIL]: EMAIL } }))).status).toBe(202);
    await bed.settled();
    const { rows } = await bed.database.query('select bronze_path from public.documents where ticket_id = $1', ['raw']);
    const [blob, offset] = String(rows[0].bronze_path).split('#');
    const kept = (await bed.openBronze(blob!))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { offset: string });
    expect(kept.find((one) => one.offset === offset)).toMatchObject({ key: 'raw', value: raw });

    await bed.infrastructure.part('postgres').stop(); // writes everything to its files
    const holding = await filesHolding(EMAIL, bed.infrastructure.dataDir);
    const folders = new Set(holding.map((file) => file.replace(/-\d+\/\d+\.log$/, '')));
    expect(folders).toEqual(new Set([`kafka/${topics.ticketsRaw.name}`, `kafka/${topics.ingestDeadLetters.name}`]));
    expect(JSON.stringify(ingest.log)).not.toContain(EMAIL);
    await bed.infrastructure.part('postgres').start();
  });

  it('503 when Kafka is down, and the same request is taken when it is back', async () => {
    await until('the lane to be well', async () => (await fetch(`${await ingest.ready()}/ready`)).status === 200);
    const body = ticket();
    await bed.infrastructure.part('kafka').stop();
    expect(await post(JSON_TYPE, body)).toMatchObject({
      status: 503,
      body: { code: 'DEPENDENCY_UNAVAILABLE' },
      retryAfter: '1',
    });
    await bed.infrastructure.part('kafka').start();
    await until('the ticket to be taken', async () => (await post(JSON_TYPE, body)).status === 202);
    await until('its document', async () => {
      const { rows } = await bed.database.query('select 1 from public.documents where ticket_id = $1', [
        body.ticket_id,
      ]);
      return rows.length === 1;
    });
    expect(ingest.linesOf('error')).toEqual([]);
  });
});
