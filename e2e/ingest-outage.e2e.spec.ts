import { setTimeout as sleep } from 'node:timers/promises';
import { topics } from '@assay/shared/contracts/topics';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceProcess } from './support/service-process.ts';
import { TicketBed } from './support/ticket-bed.ts';
import type { TicketFlow } from './support/ticket-flow.ts';
import { ticketMessages } from './support/tickets.ts';
import { until } from './support/until.ts';

interface Ready {
  readonly status: number;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Issue: Postgres for 20 s, then the broker, then Azurite go away under load: the lane backs off, /ready says why, nothing is lost. */
describe('what ingest needs goes away and comes back', () => {
  let bed: TicketBed;
  let flow: TicketFlow;
  let ingest: ServiceProcess;

  beforeAll(async () => {
    bed = await TicketBed.start();
    await bed.createTopic(topics.ticketsRaw);
    await bed.createTopic(topics.ingestDeadLetters);
    ingest = bed.ingest({ LANE_RETRY_MAX_DELAY_MS: '500', LANE_FETCH_MAX_BYTES: '65536' });
    await ingest.ready();
    flow = bed.flow();
  });
  afterAll(async () => {
    await flow.stop();
    await bed.stop();
  });
  beforeEach(({ onTestFailed }) => onTestFailed(() => bed.explain()));

  async function readiness(): Promise<Ready> {
    const answer = await fetch(`${await ingest.ready()}/ready`);
    const { dependencies } = (await answer.json()) as Ready;
    return { status: answer.status, dependencies };
  }

  const health = async () => (await fetch(`${await ingest.ready()}/health`)).status;

  const acceptedMore = async () => {
    const { accepted } = await bed.account();
    await until('more tickets to be accepted', async () => (await bed.account()).accepted > accepted + 200);
  };

  it.each([
    // Ten times as long as the group waits for a member that does not answer: the lane must stay one while it waits.
    { part: 'postgres', dependency: 'postgres', outageMs: 20_000 },
    { part: 'kafka', dependency: 'kafka', outageMs: 0 },
    { part: 'azurite', dependency: 'blob', outageMs: 0 },
  ] as const)('$part', async ({ part, dependency, outageMs }) => {
    await acceptedMore();
    const warnings = () => ingest.linesOf('warn').filter((line) => line['dependency'] === dependency);
    const before = warnings().length;
    await bed.infrastructure.part(part).stop('SIGTERM');
    const down = await until('/ready to name it', async () => {
      const answer = await readiness();
      return answer.dependencies[dependency] !== 'up' && answer;
    });
    expect(down.status).toBe(503);
    await until('the lane to say that it waits', async () => warnings().length > before);
    expect(await health()).toBe(200);
    await sleep(outageMs); // how long it is away is what is tried; nothing is waited for

    await bed.infrastructure.part(part).start();
    await until('/ready to be well again', async () => (await readiness()).status === 200);
    await acceptedMore();
    expect(ingest.linesOf('error')).toEqual([]);
    expect(warnings().length - before, 'an error storm').toBeLessThan(100);
  });

  it('and afterwards nothing is lost, and nothing is there twice', async () => {
    await flow.stop();
    await bed.settled();
    const { received, accepted, duplicate, dead_lettered, skipped, gaps, expired } = await bed.account();
    expect({ accepted, skipped, gaps, expired }).toEqual({ accepted: flow.tickets, skipped: 0, gaps: 0, expired: 0 });
    expect(await bed.documentCount()).toBe(flow.tickets);
    // What the flow had to send again is a duplicate of itself; a refused message has no identity and counts each time.
    expect(received).toBe(accepted + duplicate + dead_lettered);
    const letters = await bed.deadLetters();
    expect(new Set(letters.map(({ key }) => String(key))).size).toBe(flow.bad);
    expect(new Set(letters.map(({ source }) => source)).size).toBe(dead_lettered);
    expect(await ingest.stop()).toBe(0);
  });

  it('Postgres crashes and forgets what the group was told already, and no message comes that could show it', async () => {
    await bed.database.query(`alter system set wal_writer_delay = '10s'`);
    await bed.database.query('select pg_reload_conf()');
    // A session that outlasts the crash: no rebalance makes the lane look again.
    const process = bed.ingest({ KAFKA_SESSION_TIMEOUT_MS: '60000', LANE_LOOK_AGAIN_MS: '500' });
    await process.ready();
    const before = await bed.documentCount();
    await bed.send(ticketMessages(flow.tickets, 60));
    await bed.settled();
    process.signal('SIGSTOP');
    await process.frozen();
    await bed.infrastructure.part('postgres').stop('SIGKILL');
    await bed.infrastructure.part('postgres').start();
    expect(await bed.documentCount(), 'Postgres forgot nothing: the test shows nothing').toBeLessThan(before + 60);
    process.signal('SIGCONT');
    await until('the documents to be back', async () => (await bed.documentCount()) === before + 60, 30_000);
    await bed.settled();
    expect(await bed.account()).toMatchObject({ accepted: before + 60 });
  });
});
