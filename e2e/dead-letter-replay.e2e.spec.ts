import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Account, accountOf, faultsOfAccount } from '@assay/shared/contracts/account';
import { topics } from '@assay/shared/contracts/topics';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TicketBed } from './support/ticket-bed.ts';

const LETTERS = 1_000;
const SECRET = 'ann.lee@example.com';

/** Issue: a producer sends `urgent` where a number belongs; a replay fixes 1,000 letters by a mapping. */
describe('assay dlq', () => {
  let bed: TicketBed;

  beforeAll(async () => {
    bed = await TicketBed.start();
    await bed.createTopic(topics.ticketsRaw);
    await bed.createTopic(topics.ingestDeadLetters);
    await bed.send(
      Array.from({ length: LETTERS + 1 }, (_, index) => ({
        key: `T-${index}`,
        value: JSON.stringify({
          source: 'e2e',
          ticket_id: `T-${index}`,
          text: `Ticket ${index} of ${SECRET}`,
          priority: index === LETTERS ? 'hopeless' : 'urgent',
        }),
      })),
    );
    await bed.ingest().ready();
    await bed.settled();
  });
  afterAll(() => bed.stop());
  beforeEach(({ onTestFailed }) => onTestFailed(() => bed.explain()));

  /** As an operator calls it, with the addresses in the environment. */
  function dlq(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const command = [fileURLToPath(new URL('../bin/assay.mjs', import.meta.url)), 'dlq', ...args];
    const { databaseUrl: DATABASE_URL, kafkaBrokers: KAFKA_BROKERS } = bed.addresses;
    const env = { PATH: process.env['PATH'], DATABASE_URL, KAFKA_BROKERS };
    return new Promise((resolve) => {
      execFile(process.execPath, command, { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });
  }
  const MEANT = ['--service', 'ingest', '--reason', 'CONTRACT_VIOLATED'];
  const FIX = [...MEANT, '--map', 'priority:urgent=>1'];

  async function account(): Promise<Account> {
    const { rows } = await bed.database.query('select * from lineage.account');
    const found = accountOf(rows[0]);
    expect(faultsOfAccount(found)).toEqual([]);
    return found;
  }

  it('lists what there is, and shows what is wrong without a word of a ticket', async () => {
    expect(await account()).toMatchObject({ received: LETTERS + 1, documents: 0, dead_lettered: LETTERS + 1 });

    const { stdout } = await dlq('list');
    expect(stdout).toBe(
      `ingest.dlq  ${LETTERS + 1} CONTRACT_VIOLATED at decodeTicket from tickets.raw.v1, 0 of them replayed\n`,
    );
    const shown = await dlq('show', ...MEANT, '--limit', '1');
    expect(shown.stdout).toContain('"priority": "text of 6"');
    expect(shown.stdout + shown.stderr).not.toContain(SECRET);
    expect((await dlq('show', ...MEANT, '--limit', '1', '--raw')).stdout).toContain(SECRET);
  });

  it('says first what a replay would do, and does nothing', async () => {
    const { stdout } = await dlq('replay', ...FIX, '--where', 'value.priority=urgent', '--dry-run', '--limit', '1');
    expect(stdout).toContain(
      `${LETTERS} of them meant, ${LETTERS} would be replayed (${LETTERS} changed by the mapping).`,
    );
    expect(stdout).toContain('"priority": "number"');
    expect(stdout).not.toContain(SECRET);
    await bed.settled();
    expect(await account()).toMatchObject({ received: LETTERS + 1 });
  });

  it('fixes 1,000 letters by a mapping, and the account is exact before and after', async () => {
    const { code, stdout } = await dlq('replay', ...FIX, '--where', 'value.priority=urgent', '--json');
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      { letters: LETTERS + 1, meant: LETTERS, replayed: LETTERS, mapped: LETTERS, left: {}, unknown: 0 },
    ]);
    await bed.settled();

    expect(await account()).toMatchObject({
      received: 2 * LETTERS + 1,
      documents: LETTERS,
      duplicate: 0,
      dead_lettered: LETTERS + 1,
    });
    const { rows } = await bed.database.query('select distinct priority from public.documents');
    expect(rows).toEqual([{ priority: 1 }]);
  });

  it('replays nothing twice, and a message that is refused again and again stays in the end', async () => {
    expect(
      JSON.parse((await dlq('replay', ...FIX, '--where', 'value.priority=urgent', '--json')).stdout),
    ).toMatchObject({
      replayed: 0,
      left: { 'it was replayed before': LETTERS },
    });
    const hopeless = ['replay', ...MEANT, '--where', 'value.priority=hopeless', '--json', '--max-attempts', '3'];
    const rounds: number[] = [];
    for (let round = 0; round < 4; round++) {
      rounds.push(JSON.parse((await dlq(...hopeless)).stdout).replayed as number);
      await bed.settled();
    }
    expect(rounds).toEqual([1, 1, 0, 0]);
    expect(await account()).toMatchObject({ documents: LETTERS, dead_lettered: LETTERS + 3 });
    expect((await dlq('list')).stdout).toContain(`${LETTERS + 2} of them replayed`);
  });
});
