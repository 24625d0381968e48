import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { topics } from '@assay/shared/contracts/topics';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceProcess } from './support/service-process.ts';
import { TicketBed } from './support/ticket-bed.ts';
import { until } from './support/until.ts';

const TICKETS = 20;
/** A name that no rule knows. */
const NAME = 'xq zyrlo';
const POISON = 'poison';

async function textOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return (JSON.parse(body) as { readonly text: string }).text;
}

describe('ingest asks a service for names', () => {
  let bed: TicketBed;
  let ingest: ServiceProcess;
  let isUp = false;
  /** In place of Presidio's analyzer: away at first, and never able to read one text. */
  const analyzer = createServer((request, response) => {
    void textOf(request).then((text) => {
      if (!isUp) return response.writeHead(503).end();
      if (text.includes(POISON)) return response.writeHead(500).end();
      const results = Array.from(text.matchAll(new RegExp(NAME, 'g')), ({ index: start }) => ({
        entity_type: 'PERSON',
        start,
        end: start + NAME.length,
      }));
      return response.end(JSON.stringify(results));
    });
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => void analyzer.listen(0, '127.0.0.1', resolve));
    bed = await TicketBed.start();
    await bed.createTopic(topics.ticketsRaw);
    await bed.createTopic(topics.ingestDeadLetters);
    ingest = bed.ingest({
      LANE_RETRY_MAX_DELAY_MS: '500',
      INGEST_DEEP_PASS: 'presidio',
      INGEST_PRESIDIO_URL: `http://127.0.0.1:${(analyzer.address() as AddressInfo).port}`,
      INGEST_DEEP_TIMEOUT_MS: '600',
    });
    await ingest.ready();
    const texts = Array.from({ length: TICKETS }, (_, n) => `order ${n} of ${NAME} is late`);
    await bed.send(
      [...texts, POISON].map((text, n) => ({
        value: JSON.stringify({ source: 's', ticket_id: `t-${n}`, text }),
      })),
    );
  });
  afterAll(async () => {
    await bed.stop();
    analyzer.closeAllConnections();
    analyzer.close();
  });
  beforeEach(({ onTestFailed }) => onTestFailed(() => bed.explain()));

  it('stores nothing while it is away, and says so', async () => {
    await until('the lane to say that it waits', async () =>
      ingest.linesOf('warn').some((line) => line['dependency'] === 'deep-pass'),
    );
    const answer = await fetch(`${await ingest.ready()}/ready`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      dependencies: { postgres: 'up', 'deep-pass': expect.stringMatching(/status 503$/) },
    });
    expect(await bed.documentCount()).toBe(0);
  });

  it('stores what it read, and makes a dead letter of what it cannot read', async () => {
    isUp = true;
    await until('every ticket to be booked', async () => (await bed.account()).received === TICKETS + 1);
    expect(await bed.account()).toMatchObject({ accepted: TICKETS, dead_lettered: 1 });
    const { rows } = await bed.database.query('select text, masked from public.documents');
    expect(rows).toHaveLength(TICKETS);
    for (const { text, masked } of rows) {
      expect(text).toMatch(/^order \d+ of <PERSON_1> is late$/);
      expect(masked.counts).toEqual({ PERSON: 1 });
    }
    expect(await bed.deadLetters()).toMatchObject([{ code: 'CONTRACT_VIOLATED' }]);
    expect(ingest.linesOf('error')).toEqual([]);
    expect(await ingest.stop()).toBe(0);
  });
});
