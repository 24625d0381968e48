import { mutatedContent } from '@assay/labels/testing/mutated-content';
import { createMasker } from '@assay/pii/masker';
import type { Ticket } from '@assay/shared/contracts/ticket';
import { createMemoryBlobStore } from '@assay/shared/testing/memory-blob-store';
import { sourceRecord } from '@assay/shared/testing/source-record';
import { describe, expect, it } from 'vitest';
import { createBronze } from '../bronze/bronze.ts';
import { readTickets, type TicketContentType, ticketContentTypes } from '../sources/http/read-tickets.ts';
import { parseIdentityKey } from './domain/identity.ts';
import { identify } from './identify.step.ts';
import { identifyRecord, ticketLane } from './ticket-lane.ts';

/** `npm test -- long` takes 100,000. */
const RUNS = Number(process.env['ASSAY_MUTATIONS'] ?? 500);

const identityKey = parseIdentityKey('ab'.repeat(32))!;
const identified = identify(identityKey);
const laneDocIdOf = identifyRecord(identityKey);

const { chain } = ticketLane({
  identityKey,
  masker: createMasker(),
  nameFinder: null,
  documents: { query: () => Promise.reject(new Error('the steps ask no database')) },
  bronze: createBronze(createMemoryBlobStore(), { id: 'k', key: Buffer.alloc(32) }),
});

const ticket = {
  source: 'zendesk',
  ticket_id: 'T-1',
  text: 'My name is Jane Smith, jane@example.com.\nCard 4111 1111 1111 1111, call +1 415 555 0132 \u200b or 12 Oak Street.',
  priority: 3,
  created_at: '2026-11-21T10:00:00Z',
  fields: {
    requester: { name: 'John Doe', phone: '5551234' },
    tags: ['a', 1, null, 1.5e300],
    more: { a: { b: [true] } },
  },
};
const event = { specversion: '1.0', type: 'ticket.created', source: '/crm', id: 'e', data: ticket };
const samples = [ticket, event, [ticket, event, 7]].map((value) => Buffer.from(JSON.stringify(value)));
const lines = Buffer.from(`${JSON.stringify(ticket)}\n${JSON.stringify(event)}\n\n7\n`);
const types = Object.keys(ticketContentTypes) as TicketContentType[];

/** An outcome is a value; whatever is thrown would end the service at every start. */
function faultOfRecord(value: Buffer): string | null {
  const result = chain.run(sourceRecord({ value }));
  if ('exit' in result) return result.exit.outcome.kind === 'deadLettered' ? null : 'skipped';
  return /^[0-9a-f]{32}$/.test(result.value.doc_id) ? null : 'has no doc_id';
}

async function faultOfRequest(type: TicketContentType, body: Buffer): Promise<string | null> {
  const docIdOf = (one: Ticket) => identified(one).value.docId;
  const options = { maxTickets: 1_000, docIdOf, letOthersWork: async () => {} };
  const { submissions, rejections } = await readTickets(type, body, options);
  if (submissions.some(({ docId, value }) => docId !== laneDocIdOf(sourceRecord({ value })))) return 'another doc_id';
  const faults = submissions.map(({ value }) => faultOfRecord(value));
  if (rejections.some(({ detail }) => detail === '')) return 'a refusal without a reason';
  return faults.find((fault) => fault !== null) ?? null;
}

describe('tickets that something happened to', { timeout: 60_000 + RUNS * 10 }, () => {
  it(`${RUNS} of them come out of the lane as a document or a dead letter`, () => {
    for (let seed = 0; seed < RUNS; seed++) {
      const value = mutatedContent(samples[seed % 2]!, seed);
      expect(faultOfRecord(value), `seed ${seed}`).toBeNull();
    }
  });

  it(`${RUNS} requests with them are taken or refused, ticket by ticket`, async () => {
    for (let seed = 0; seed < RUNS; seed++) {
      const type = types[seed % types.length]!;
      const isLines = type === 'application/x-ndjson' || type === 'application/jsonl';
      const body = mutatedContent(isLines ? lines : samples[seed % samples.length]!, seed);
      expect(await faultOfRequest(type, body), `${type}, seed ${seed}`).toBeNull();
    }
  });
});
