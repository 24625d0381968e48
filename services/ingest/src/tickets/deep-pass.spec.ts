import { textHash } from '@assay/labels/document-key';
import { NameFinderError } from '@assay/pii/adapters/name-finder-error';
import { createMasker } from '@assay/pii/masker';
import type { NameFinder } from '@assay/pii/second-pass';
import type { Refusal } from '@assay/shared/pipeline/dead-letter-writer';
import { settleBatch, sortOut } from '@assay/shared/pipeline/settle-batch';
import { createMemoryBlobStore } from '@assay/shared/testing/memory-blob-store';
import { sourceRecord } from '@assay/shared/testing/source-record';
import type { Transaction } from '@assay/shared/postgres/statement';
import { describe, expect, it } from 'vitest';
import { createBronze } from '../bronze/bronze.ts';
import { ROW_MAX_BYTES } from './domain/document.ts';
import { parseIdentityKey } from './domain/identity.ts';
import { ticketLane } from './ticket-lane.ts';

const bronze = () => createBronze(createMemoryBlobStore(), { id: 'k', key: Buffer.alloc(32) });
const stillAlive = async (): Promise<void> => {};

/** Knows one name that no rule knows, in any number of texts. */
const NAME = 'xq zyrlo';
const findZyrlo = (text: string) =>
  Array.from(text.matchAll(/xq zyrlo/g), ({ index }) => ({ start: index, end: index + NAME.length, type: 'PERSON' }));
function zyrlo(fail: (text: string) => void = () => {}) {
  const asked: string[] = [];
  const finder: NameFinder = {
    findNames: async (text) => {
      asked.push(text);
      await Promise.resolve();
      fail(text);
      return findZyrlo(text);
    },
  };
  return { finder, asked };
}

const laneWith = (nameFinder: NameFinder | null, known: readonly string[] = []) =>
  ticketLane({
    identityKey: parseIdentityKey('ab'.repeat(32))!,
    masker: createMasker(),
    nameFinder,
    documents: { query: async <Row>() => known.map((doc_id) => ({ doc_id }) as Row) },
    bronze: bronze(),
  });
const recordsOf = (tickets: readonly object[]) =>
  tickets.map((ticket, n) =>
    sourceRecord({
      offset: BigInt(n),
      value: Buffer.from(JSON.stringify({ source: 's', ticket_id: `t-${n}`, ...ticket })),
    }),
  );
async function rowsOf(lane: ReturnType<typeof laneWith>, tickets: readonly object[]) {
  const { items } = sortOut(lane, recordsOf(tickets));
  return (await lane.write.prepare(items, stillAlive)).rows;
}

const TICKETS = [
  { text: `xq zyrlo wrote from jane@example.com. ${NAME} waits.`, fields: { who: NAME, n: 4_155_550_132 } },
  { text: 'Nothing here.', priority: 1 },
];

describe('the deep pass, when it is on', () => {
  it('masks what the rules do not know, with its counts, places, hash and the same ids', async () => {
    const [plain] = await rowsOf(laneWith(null), TICKETS);
    const [deep] = await rowsOf(laneWith(zyrlo().finder), TICKETS);
    expect(plain!.text).toContain(NAME);
    const text = '<PERSON_1> wrote from <EMAIL_1>. <PERSON_1> waits.';
    expect(deep).toEqual({
      ...plain,
      text,
      text_hash: textHash(text),
      fields: { ...plain!.fields, who: '<PERSON_1>' },
      masked: expect.objectContaining({ counts: { ...plain!.masked.counts, PERSON: 3 } }),
    });
    const original = TICKETS[0]!.text;
    const persons = deep!.masked.places['text']!.filter(([type]) => type === 'PERSON');
    expect(persons.map(([, start, end]) => text.slice(start, end))).toEqual(['<PERSON_1>', '<PERSON_1>']);
    expect(persons.map(([, , , start, end]) => original.slice(start, end))).toEqual([NAME, NAME]);
  });

  it('is asked about masked texts alone, each once', async () => {
    const { finder, asked } = zyrlo();
    await rowsOf(laneWith(finder), [...TICKETS, ...TICKETS]);
    expect(asked.join('\n')).not.toContain('jane@example.com');
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('is not asked about documents that are there already', async () => {
    const [first] = await rowsOf(laneWith(null), TICKETS);
    const { finder, asked } = zyrlo();
    const rows = await rowsOf(laneWith(finder, [first!.doc_id]), TICKETS);
    expect(rows).toHaveLength(1);
    expect(asked.join('\n')).not.toContain('Zyrlo');
  });

  it('changes nothing in a ticket that it masked before', async () => {
    const once = await rowsOf(laneWith(zyrlo().finder), TICKETS);
    const twice = await rowsOf(
      laneWith(zyrlo().finder),
      once.map(({ text, fields }) => ({ text, fields })),
    );
    expect(twice.map(({ text, fields, masked }) => [text, fields, masked.counts])).toEqual(
      once.map(({ text, fields }) => [text, fields, {}]),
    );
  });
});

describe('the deep pass, when it is off', () => {
  it('finishes nothing: the rows are the documents of the steps', async () => {
    const lane = laneWith(null);
    const { items } = sortOut(lane, recordsOf(TICKETS));
    const { rows } = await lane.write.prepare(items, stillAlive);
    expect(rows).toEqual(items.map(({ value }) => ({ ...value, bronze_path: expect.any(String) as string })));
    rows.forEach((row, n) => expect(row.fields).toBe(items[n]!.value.fields));
  });
});

/** Settles tickets as the lane does, and says what was stored and what became a dead letter. */
async function settle(finder: NameFinder, tickets: readonly object[]) {
  const lane = laneWith(finder);
  const records = recordsOf(tickets);
  const letters: Refusal[] = [];
  let stored = 0;
  let signs = 0;
  const tx = { query: async () => [{ count: 1 }] } as unknown as Transaction;
  const parts: Parameters<typeof settleBatch<never, never, Transaction>>[0] = {
    lane: lane as never,
    ledger: {
      read: async () => null,
      open: () => Promise.reject(new Error('not of this spec')),
      book: async (_key, _incarnation, move, effects) => {
        if (effects !== null) await effects.apply(tx);
        stored += move.counts.accepted;
        return { kind: 'booked', duplicate: 0 };
      },
    },
    deadLetters: { write: async (refusals) => void letters.push(...refusals) },
    retried: (work) => work(),
    keepAlive: async () => void signs++,
    at: async () => {},
  };
  const batch = {
    key: { lane: 'lane', topic: 'topic', partition: 0 },
    incarnation: 1,
    from: 0n,
    to: BigInt(records.length),
    records,
  };
  await settleBatch(parts, batch, sortOut(lane, records) as never).catch((error: unknown) => {
    throw Object.assign(error as Error, { stored, letters });
  });
  return { stored, letters, signs };
}

describe('a batch with the deep pass', () => {
  const tickets = Array.from({ length: 5 }, (_, n) => ({ text: `ticket number ${n}` }));

  it('gives the group signs of life on its way', async () => {
    const { stored, signs } = await settle(zyrlo().finder, tickets);
    expect(stored).toBe(tickets.length);
    expect(signs).toBeGreaterThan(0);
  });

  it('stores nothing and blames nobody while it is away', async () => {
    const { finder } = zyrlo(() => {
      throw new NameFinderError('asking http://presidio: TypeError');
    });
    await expect(settle(finder, tickets)).rejects.toMatchObject({
      dependency: 'deep-pass',
      retriable: true,
      stored: 0,
      letters: [],
    });
  });

  it('makes a dead letter of the one ticket that it cannot read, and stores the others', async () => {
    const { finder } = zyrlo((text) => {
      if (text === 'ticket number 3') throw new NameFinderError('asking it: status 500', { isRefusal: true });
    });
    const { stored, letters } = await settle(finder, tickets);
    expect(stored).toBe(4);
    const detail: unknown = expect.stringMatching(/status 500/);
    expect(letters).toMatchObject([
      { record: { offset: 3n }, step: 'write', outcome: { code: 'CONTRACT_VIOLATED', detail } },
    ]);
  });

  it('refuses a ticket that only its placeholders make too large', async () => {
    const everyA: NameFinder = {
      findNames: async (text) =>
        Array.from(text.matchAll(/a(?= )/g), ({ index }) => ({ start: index, end: index + 1, type: 'PERSON' })),
    };
    const { stored, letters } = await settle(everyA, [
      { text: 'a '.repeat(10_000), fields: { log: 'x'.repeat(ROW_MAX_BYTES - 50_000) } },
      { text: 'b' },
    ]);
    expect(stored).toBe(1);
    expect(letters).toMatchObject([{ record: { offset: 0n }, outcome: { code: 'PAYLOAD_TOO_LARGE' } }]);
  });
});
