import { topics } from '@assay/shared/contracts/topics';
import type { TopicWriter } from '@assay/shared/pipeline/topic-writer';
import type { Submission } from './http/read-tickets.ts';

/** Puts tickets that came through a source on the topic; resolves when Kafka has acknowledged every one. */
export interface TicketPublisher {
  publish(submissions: readonly Submission[]): Promise<void>;
}

/** Keyed by the ticket, so that what is said of it later comes after it. */
export const createTicketPublisher = (writer: TopicWriter): TicketPublisher => ({
  publish: (submissions) =>
    writer.write(
      topics.ticketsRaw,
      submissions.map(({ ticket, value }) => ({ key: ticket.ticketId, value })),
    ),
});
