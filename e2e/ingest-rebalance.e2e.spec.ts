import { topics } from '@assay/shared/contracts/topics';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CommittedOffsets } from './support/committed-offsets.ts';
import type { ServiceProcess } from './support/service-process.ts';
import { TicketBed } from './support/ticket-bed.ts';
import { ticketMessages } from './support/tickets.ts';
import { until } from './support/until.ts';

/** Small batches, so that a rebalance always meets some. */
const SMALL = { LANE_FETCH_MAX_BYTES: '4096' };

/** Issue: a rebalance in mid-batch with two instances, and a zombie: nothing twice, nothing missing, no offset going back. */
describe('partitions change hands while batches are in hand', () => {
  let bed: TicketBed;
  let offsets: CommittedOffsets;
  let sent = 0;
  let refused = 0;

  beforeAll(async () => {
    bed = await TicketBed.start();
    await bed.createTopic(topics.ticketsRaw);
    await bed.createTopic(topics.ingestDeadLetters);
  });
  afterAll(() => bed.stop());
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => bed.explain());
    offsets = bed.watchCommittedOffsets();
  });
  afterEach(() => bed.killAll());

  async function sendBacklog(count: number): Promise<void> {
    await bed.send(ticketMessages(sent, count));
    sent += count;
    const bad = Array.from({ length: 30 }, (_, index) => ({ key: `bad-${refused + index}`, value: '{' }));
    await bed.send(bad);
    refused += bad.length;
  }

  async function expectExactAccount(): Promise<void> {
    await bed.settled();
    const account = await bed.account();
    expect(account).toMatchObject({ received: sent + refused, accepted: sent, dead_lettered: refused, duplicate: 0 });
    expect(await bed.documentCount()).toBe(sent);
    expect(await offsets.stop(), 'a committed offset went back').toEqual([]);
  }

  const owns = (process: ServiceProcess, count: number) =>
    until(`${count} partitions`, async () => process.assignments().at(-1)?.length === count);

  it('one instance joins in mid-batch, and one leaves in mid-flow', async () => {
    // Nobody dies here, and a busy machine must not make the group think so: not a single warning is allowed.
    const calm = { ...SMALL, KAFKA_SESSION_TIMEOUT_MS: '20000' };
    const flow = bed.flow(sent);
    const first = bed.ingest({ ...calm, STOP_AT: 'transactionOpen:5' });
    await first.frozen();
    const second = bed.ingest(calm);
    await bed.rebalancing();
    first.signal('SIGCONT');
    await owns(second, 3);
    const atJoin = (await bed.account()).accepted;
    await until('both to get on', async () => (await bed.account()).accepted > atJoin + 500);
    expect(await first.stop()).toBe(0);
    await owns(second, 6);
    await flow.stop();
    sent = flow.tickets;
    refused += flow.bad;
    await expectExactAccount();
    expect(await second.stop()).toBe(0); // killed, it would stay a member for as long as its session lasts

    for (const process of [first, second])
      expect([...process.linesOf('error'), ...process.linesOf('warn')]).toEqual([]);
    expect(await bed.deadLetterCount(), 'a leave must not write a dead letter twice').toBe(refused);
  });

  it('a stop lets the batch in hand finish', async () => {
    await sendBacklog(300);
    const stopped = bed.ingest({ STOP_AT: 'deadLettersWritten:1' });
    await stopped.frozen();
    stopped.signal('SIGTERM'); // waits with the process
    stopped.signal('SIGCONT');
    expect(await stopped.ended()).toBe(0);

    await bed.ingest().ready();
    await expectExactAccount();
    expect(await bed.deadLetterCount(), 'the batch was dropped after its dead letters').toBe(refused);
  });

  /** Frozen longer than its session lasts: the group gives its partitions away, and then it wakes up. */
  describe('a zombie', () => {
    it.each(['transactionOpen', 'transactionCommitted'])('that froze at %s', async (point) => {
      const zombie = bed.ingest({ ...SMALL, STOP_AT: `${point}:5` });
      await zombie.ready();
      const other = bed.ingest(SMALL);
      await owns(other, 3);
      await owns(zombie, 3);
      await sendBacklog(2_000);
      await zombie.frozen();
      await owns(other, 6);
      await bed.settled();
      const generations = zombie.assignments().length;
      zombie.signal('SIGCONT');
      await until('the zombie to be a member again', async () => zombie.assignments().length > generations);
      await owns(zombie, 3);
      await sendBacklog(500);
      expect(await other.stop()).toBe(0);
      await owns(zombie, 6);
      await expectExactAccount();

      for (const process of [zombie, other]) expect(process.linesOf('error')).toEqual([]);
      expect(zombie.linesOf('warn').length).toBeLessThan(10);
      expect(other.linesOf('warn').length).toBeLessThan(10);
    });
  });
});
