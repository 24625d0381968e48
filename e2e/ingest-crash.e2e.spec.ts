import { topics } from '@assay/shared/contracts/topics';
import { crashPoints } from '@assay/shared/pipeline/lane-listener';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TicketBed } from './support/ticket-bed.ts';
import { ticketMessages } from './support/tickets.ts';

/** Issue: SIGKILL at each crash point of a batch leaves documents exactly once, dead letters counted once, an account that adds up. */
describe('ingest is killed in the middle of a batch', () => {
  let bed: TicketBed;
  let sent = 0;
  let refused = 0;

  beforeAll(async () => {
    bed = await TicketBed.start();
    await bed.createTopic(topics.ticketsRaw);
    await bed.createTopic(topics.ingestDeadLetters);
  });
  afterAll(() => bed.stop());
  beforeEach(({ onTestFailed }) => onTestFailed(() => bed.explain()));

  async function expectExactAccount() {
    const account = await bed.account();
    expect(account).toMatchObject({ received: sent + refused, accepted: sent, dead_lettered: refused, duplicate: 0 });
    expect(await bed.documentCount()).toBe(sent);
  }

  it.each(crashPoints)('at %s', async (point) => {
    await bed.send([...ticketMessages(sent, 300), { key: 'bad', value: '{"source":' }, { key: 'null', value: null }]);
    sent += 300;
    refused += 2;

    const killed = bed.ingest({ KILL_AT: `${point}:2` });
    expect(await killed.ended()).toBe('SIGKILL');
    // Another batch size after the crash: what was fetched as one batch before comes in smaller pieces now.
    const next = bed.ingest({ LANE_FETCH_MAX_BYTES: '4096' });
    await next.ready();
    await bed.settled();
    expect(await next.stop()).toBe(0);

    await expectExactAccount();
    expect(next.linesOf('error')).toEqual([]);
  });

  it('and every dead letter is there, whoever counts them by their source', async () => {
    const letters = await bed.deadLetters();
    expect(new Set(letters.map(({ source }) => source)).size).toBe(refused);
    expect(new Set(letters.map(({ code }) => code))).toEqual(new Set(['DECODE_FAILED']));
  });
});
