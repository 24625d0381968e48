import type { WorkerFlow } from '@assay/shared/bootstrap/flows';
import { createMasker } from '@assay/pii/masker';
import { describe, expect, it } from 'vitest';
import type { Bronze } from '../bronze/bronze.ts';
import { readIngestConfig } from '../config.ts';
import { flows } from '../flows.ts';
import type { Submission } from './http/read-tickets.ts';
import { sources } from './registry.ts';
import type { Source } from './source.ts';

const config = readIngestConfig({
  KAFKA_BROKERS: 'localhost:9092',
  DATABASE_URL: 'postgres://localhost/assay',
  BLOB_CONNECTION_STRING: 'file:///srv/blobs',
  INGEST_IDENTITY_KEY: '0'.repeat(64),
  INGEST_BRONZE_KEY: `k1:${'0'.repeat(64)}`,
});
const log = { debug() {}, info() {}, warn() {}, error() {} };

/** A whole new way in, as somebody would add it: tickets that lie in a list, taken one by one. */
function listSource(list: Submission[]): Source {
  return {
    name: 'list',
    open: ({ publisher }) => [
      {
        kind: 'worker',
        name: 'take-from-list',
        pauses: { everyMs: 10 },
        async round() {
          const [next] = list;
          if (next === undefined) return false;
          await publisher.publish([next]);
          list.shift(); // only now: a crash before this line sends it once more
          return true;
        },
      },
    ],
  };
}

function ingestWith(extra: readonly Source[], publish: (tickets: readonly Submission[]) => Promise<void>) {
  return flows({
    sources: [...sources, ...extra],
    source: { config, publisher: { publish }, log },
    tickets: {
      identityKey: config.INGEST_IDENTITY_KEY,
      masker: createMasker(),
      nameFinder: null,
      documents: { query: async () => [] },
      bronze: {} as Bronze,
    },
    sweepBronze: async () => false,
  });
}

const submission = (id: string): Submission => ({
  ticket: { source: 's', ticketId: id, text: 'x', createdAt: null, priority: 5, fields: {} },
  value: Buffer.from('{}'),
});

describe('the sources', () => {
  it('have names of their own', () => {
    expect(new Set(sources.map(({ name }) => name)).size).toBe(sources.length);
  });

  it('come first among the flows, in the order of the registry; then the lane that every ticket goes through', () => {
    const kinds = ingestWith([listSource([])], async () => {}).map(({ kind }) => kind);
    expect(kinds).toEqual(['door', 'worker', 'lane', 'worker']);
  });

  it('are added by a folder and a line: what the new one publishes goes where HTTP’s tickets go', async () => {
    const list = [submission('t-1'), submission('t-2')];
    const published: string[] = [];
    const all = ingestWith([listSource(list)], async (tickets) => {
      published.push(...tickets.map(({ ticket }) => ticket.ticketId));
    });
    const worker = all.find((flow): flow is WorkerFlow => flow.kind === 'worker' && flow.name === 'take-from-list')!;
    while (await worker.round(new AbortController().signal));
    expect(published).toEqual(['t-1', 't-2']);
    expect(list).toEqual([]);
  });

  it('remember how far they got only after Kafka holds it', async () => {
    const list = [submission('t-1')];
    const all = ingestWith([listSource(list)], () => Promise.reject(new Error('no broker')));
    const worker = all.find((flow): flow is WorkerFlow => flow.kind === 'worker' && flow.name === 'take-from-list')!;
    await expect(worker.round(new AbortController().signal)).rejects.toThrow('no broker');
    expect(list).toHaveLength(1);
  });
});
