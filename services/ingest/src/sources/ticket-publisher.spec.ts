import { topics } from '@assay/shared/contracts/topics';
import type { TopicWriter } from '@assay/shared/pipeline/topic-writer';
import { expect, it } from 'vitest';
import type { Submission } from './http/read-tickets.ts';
import { createTicketPublisher } from './ticket-publisher.ts';

const submission = (id: string): Submission => ({
  ticket: { source: 's', ticketId: id, text: 'x', createdAt: null, priority: 5, fields: {} },
  value: Buffer.from(`the bytes of ${id}`),
});

it('publishes tickets as they came, keyed by their id and in their order', async () => {
  const written: unknown[] = [];
  const writer: TopicWriter = { write: async ({ name }, messages) => void written.push({ name, messages }) };
  await createTicketPublisher(writer).publish([submission('t-1'), submission('t-2')]);
  expect(written).toEqual([
    {
      name: topics.ticketsRaw.name,
      messages: [
        { key: 't-1', value: Buffer.from('the bytes of t-1') },
        { key: 't-2', value: Buffer.from('the bytes of t-2') },
      ],
    },
  ]);
});

it('fails as the writer does: the caller sends all of it again', async () => {
  const failure = new Error('no broker');
  const writer: TopicWriter = { write: () => Promise.reject(failure) };
  await expect(createTicketPublisher(writer).publish([submission('t-1')])).rejects.toBe(failure);
});
