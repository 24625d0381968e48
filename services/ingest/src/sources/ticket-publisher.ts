import { topics } from '@assay/shared/contracts/topics';
import { kafkaError } from '@assay/shared/kafka/kafka-errors';
import type { Producer } from 'kafkajs';
import type { Submission } from './http/read-tickets.ts';

/** Puts tickets that came by HTTP on the topic; resolves when Kafka has acknowledged every one. */
export interface TicketPublisher {
  publish(submissions: readonly Submission[]): Promise<void>;
}

/** One request to the broker stays well below its size limit, however many tickets the caller sent. */
const REQUEST_MAX_BYTES = 512 * 1024;

export function createTicketPublisher(producer: Pick<Producer, 'send'>): TicketPublisher {
  return {
    async publish(submissions) {
      for (const chunk of chunksBySize(submissions)) {
        const messages = chunk.map(({ ticket, value }) => ({ key: ticket.ticketId, value }));
        try {
          await producer.send({ topic: topics.ticketsRaw.name, acks: -1, messages });
        } catch (error) {
          throw kafkaError(`publishing to ${topics.ticketsRaw.name}`, error);
        }
      }
    },
  };
}

export function* chunksBySize(submissions: readonly Submission[]): Generator<readonly Submission[]> {
  let chunk: Submission[] = [];
  let bytes = 0;
  for (const submission of submissions) {
    if (chunk.length > 0 && bytes + submission.value.length > REQUEST_MAX_BYTES) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(submission);
    bytes += submission.value.length;
  }
  if (chunk.length > 0) yield chunk;
}
