import { createHash, randomBytes } from 'node:crypto';
import { speak } from '@assay/cli/testing/speak';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { createAzureBlobStore } from '../blob/azure/azure-blob-store.ts';
import { containers } from '../contracts/blobs.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { verb as account } from './account.verb.ts';
import { verb as journey } from './journey.verb.ts';
import { verb as lives } from './lives.verb.ts';
import { verb as offsets } from './offsets.verb.ts';
import { verb as reconcile } from './reconcile.verb.ts';

const DOC = 'd'.repeat(32);
const LANE = 'assay.ingest.tickets';
const RUN = randomBytes(6).toString('hex');

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('BLOB_CONNECTION_STRING', inject('blobConnectionString'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await database.drop();
});
beforeEach(async () => {
  await database.admin.query(
    'truncate public.documents, assay.deliveries, assay.heads, assay.offsets, assay.segments, assay.applied_decisions, assay.output_lines cascade',
  );
});

const run = (text: string, values: unknown[] = []) => database.admin.query(text, values);

/** A document that ingest has stored and booked an hour ago. */
async function store(docId = DOC): Promise<void> {
  await run(
    `insert into public.documents (doc_id, source, ticket_id, text, text_hash, priority, fields, masked, bronze_path, ingestion_timestamp)
     values ($1, 'zendesk', 'T-1', 'a text', 'hash', 5, '{}', '{"counts":{"EMAIL_ADDRESS":1}}', 'blob#7', now() - interval '1 hour')`,
    [docId],
  );
  await run(
    `insert into assay.offsets as o (lane, topic, partition, incarnation, cluster_id, first_offset, next_offset, received, accepted)
     values ($1, 'tickets.raw.v1', 3, 0, 'cluster', 0, 1, 1, 1)
         on conflict (lane, topic, partition, incarnation) do update
        set next_offset = o.next_offset + 1, received = o.received + 1, accepted = o.accepted + 1`,
    [LANE],
  );
}

const queue = () =>
  run(
    `insert into assay.deliveries (doc_id, target, priority, queued_at) values ($1, 'files', 5, now() - interval '50 minutes')`,
    [DOC],
  );

/** One confident vote, decided gold and written to the gold stream. */
async function decide(): Promise<void> {
  await run(
    `insert into public.decisions (decision_id, doc_id, version, verdict, fields, votes, reason, rules_version, decided_at)
     values ($1 || '.1', $1, 1, 'gold', '{}', '[]', 'label: gold', 'default/1', now() - interval '30 minutes')`,
    [DOC],
  );
  await run(`insert into assay.heads (doc_id, version, verdict, decision_id) values ($1, 1, 'gold', $1 || '.1')`, [
    DOC,
  ]);
}

const apply = () => run(`insert into assay.applied_decisions (doc_id, version, verdict) values ($1, 1, 'gold')`, [DOC]);

describe('assay account', () => {
  it('answers 0 when everything adds up', async () => {
    await store();
    const { code, stdout } = await speak(account);
    expect(stdout).toContain('tickets     1 received = 1 documents');
    expect(stdout).toContain('The account adds up.');
    expect(code).toBe(0);
  });

  it('answers 1 and says why when it does not', async () => {
    await store();
    await run(`update assay.offsets set accepted = 0, duplicate = 1`);
    const { code, stdout } = await speak(account);
    expect(stdout).toContain('accepted is 0, but documents is 1');
    expect(code).toBe(1);
  });

  it('speaks JSON', async () => {
    await store();
    const { stdout } = await speak(account, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ received: 1, documents: 1, pending: 1, faults: [] });
  });
});

describe('assay journey', () => {
  it('tells every stop in order of time, and why the document is in gold', async () => {
    await store();
    await queue();
    await decide();
    const { code, stdout } = await speak(journey, DOC, '--json');
    expect(code).toBe(0);
    const stops = JSON.parse(stdout) as { at: string; stop: string; event: string; detail: object }[];
    expect(stops.map(({ stop, event }) => `${stop}: ${event}`)).toEqual([
      'ingest: identified, masked and stored',
      'annotation-bridge: queued',
      'quality-validator: decided',
      'now: in gold',
    ]);
    expect(stops.map(({ at }) => at)).toEqual(stops.map(({ at }) => at).toSorted());
    expect(stops[0]!.detail).toEqual({
      source: 'zendesk',
      ticket_id: 'T-1',
      bronze: 'blob#7',
      masked: { EMAIL_ADDRESS: 1 },
    });
  });

  it.each([
    ['stored, its change event has not been read yet', async () => {}],
    ['queued, not sent out yet', () => queue()],
    [
      'sent out, nobody has labelled it yet',
      async () => {
        await queue();
        await run(
          `with batch as (
             insert into assay.batches (batch_id, target, document_count, leased_until, sent_at)
             values (gen_random_uuid(), 'files', 1, now(), now() - interval '40 minutes')
             returning batch_id
           )
           update assay.deliveries set batch_id = batch.batch_id, batch_row = 1 from batch where doc_id = $1`,
          [DOC],
        );
      },
    ],
  ])('says why it is not in gold: %s', async (because, happens) => {
    await store();
    await happens();
    const { stdout } = await speak(journey, DOC);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(new RegExp(`now +not in gold +because=${because}$`));
  });

  it('answers 1 for a document that is not there', async () => {
    expect(await speak(journey, DOC)).toEqual({
      code: 1,
      stdout: '',
      stderr: `assay journey: there is no document ${DOC}\n`,
    });
  });
});

describe('assay offsets', () => {
  it('shows the ledger', async () => {
    await store();
    const { code, stdout } = await speak(offsets, 'show', LANE);
    expect(code).toBe(0);
    expect(stdout).toBe(
      `${LANE} tickets.raw.v1-3#0 [0, 1) received=1 accepted=1 duplicate=0 skipped=0 dead_lettered=0 gaps=0 expired=0\n`,
    );
    expect((await speak(offsets, 'show')).stdout).toBe(stdout);
    const { stdout: json } = await speak(offsets, 'show', '--json');
    expect(JSON.parse(json)).toMatchObject([{ lane: LANE, partition: 3, next_offset: '1' }]);
  });

  it('answers 1 for a lane that has never read anything', async () => {
    await store();
    const { code, stderr } = await speak(offsets, 'show', 'assay.nobody');
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'assay offsets: assay.nobody has never read anything\n' });
  });

  it('sets where a partition is read from, and leaves what was booked as it was', async () => {
    await store();
    const { code, stdout } = await speak(offsets, 'set', LANE, '3', '42');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `${LANE} reads tickets.raw.v1-3 from 42 on (incarnation 1).\n`,
    });
    await speak(offsets, 'set', LANE, '3', '0');
    const { rows } = await run(
      'select incarnation, first_offset, next_offset, accepted, cluster_id from assay.offsets order by 1',
    );
    expect(rows).toEqual([
      { incarnation: 0, first_offset: '0', next_offset: '1', accepted: '1', cluster_id: 'cluster' },
      { incarnation: 1, first_offset: '42', next_offset: '42', accepted: '0', cluster_id: 'cluster' },
      { incarnation: 2, first_offset: '0', next_offset: '0', accepted: '0', cluster_id: 'cluster' },
    ]);
    expect((await speak(account)).code).toBe(0);
  });

  it('answers 1 where there is nothing to set', async () => {
    await store();
    const { code, stderr } = await speak(offsets, 'set', LANE, '4', '0');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `assay offsets: ${LANE} has never read partition 4; there is nothing to set\n`,
    });
  });
});

describe('assay lives', () => {
  it('shows them, and begins another one with the reason that was given', async () => {
    expect((await speak(lives, 'show')).stdout).toMatch(/^1 since \S+Z: the database was made\n$/);

    expect(await speak(lives, 'begin', '--reason', 'the volume was set back')).toMatchObject({
      code: 0,
      stdout: 'Life 2 has begun.\n',
    });

    const { stdout } = await speak(lives, 'show');
    expect(stdout).toContain(': the volume was set back (Debezium has not read the tables for it yet)\n');
    expect(JSON.parse((await speak(lives, 'show', '--json')).stdout)).toHaveLength(2);
  });
});

describe('assay reconcile', () => {
  const gold = () => createAzureBlobStore(inject('blobConnectionString'), containers.gold);
  const sha256 = createHash('sha256').update('content').digest('hex');

  async function plan(name: string, isConfirmed = true): Promise<void> {
    await run(
      `insert into assay.segments (stream, number, first_seq, last_seq, stream_bytes, blob_name, sha256, confirmed_at)
       select 'gold', n, n, n, n, $1, $2, $3 from (select count(*) + 1 as n from assay.segments) as next`,
      [name, sha256, isConfirmed ? new Date() : null],
    );
  }

  it('finds nothing where everything was read and written', async () => {
    await store();
    await queue();
    await decide();
    await apply();
    await gold().create(`${RUN}/good.jsonl`, Buffer.from('content'), { sha256 });
    await plan(`${RUN}/good.jsonl`);
    await plan(`${RUN}/under-way.jsonl`, false);
    expect(await speak(reconcile)).toEqual({ code: 0, stdout: 'Postgres and what left it agree.\n', stderr: '' });
  });

  it('finds a document and a decision that nobody has read, but not what may still be on its way', async () => {
    await store();
    await decide();
    const { code, stdout } = await speak(reconcile, '--json');
    expect(code).toBe(1);
    const found = JSON.parse(stdout) as { what: string; mend: string }[];
    expect(found.map(({ what }) => what.split(' of ')[0])).toEqual([`document ${DOC}`, `decision ${DOC}`]);
    expect(found[0]!.mend).toContain('snapshot');
    const young = await speak(reconcile, '--json', '--older-than-s', '2700');
    expect((JSON.parse(young.stdout) as object[]).length, 'the decision is younger than 45 minutes').toBe(1);
    expect(await speak(reconcile, '--older-than-s', '7200')).toMatchObject({ code: 0 });
  });

  it('finds a decision whose document is not there', async () => {
    await run(`insert into assay.waiting_decisions values ($1, 1, '{}', now() - interval '1 hour')`, [DOC]);
    const { code, stdout } = await speak(reconcile);
    expect(code).toBe(1);
    expect(stdout).toContain(`for document ${DOC}, which Postgres does not have`);
    await run('truncate assay.waiting_decisions');
  });

  it('finds blobs that are missing or have other content', async () => {
    await gold().create(`${RUN}/other.jsonl`, Buffer.from('other'), { sha256: 'f'.repeat(64) });
    await plan(`${RUN}/other.jsonl`);
    await plan(`${RUN}/missing.jsonl`);
    const { code, stdout } = await speak(reconcile);
    expect(code).toBe(1);
    const [missing, , other] = stdout.split('\n');
    expect(missing).toBe(`blob gold/${RUN}/missing.jsonl is missing`);
    expect(other).toBe(`blob gold/${RUN}/other.jsonl has other content than its plan`);
  });
});
