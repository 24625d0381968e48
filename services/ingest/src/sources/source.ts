import type { Flow } from '@assay/shared/bootstrap/flows';
import type { Log } from '@assay/shared/pipeline/log';
import type { IngestConfig } from '../config.ts';
import type { TicketPublisher } from './ticket-publisher.ts';

/**
 * A way for tickets to come in besides the topic itself. A source puts what it gets on `tickets.raw.v1`, waits until Kafka holds
 * it, and only then answers its caller or remembers how far it got. A crash in between repeats tickets, which are duplicates
 * then. It never masks and never stores: the ticket lane does, whatever door a ticket came through.
 */
export interface Source {
  /** Lower case, as in settings and logs. */
  readonly name: string;
  /** Its doors and workers; none when its settings leave it off. */
  open(parts: SourceParts): readonly Flow[];
}

export interface SourceParts {
  readonly config: IngestConfig;
  readonly publisher: TicketPublisher;
  readonly log: Log;
}
