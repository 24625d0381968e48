import type { Ticket } from '@assay/shared/contracts/ticket';
import { accepted, type Accepted } from '@assay/shared/pipeline/outcome';
import { docIdOf, type IdentityKey } from '../domain/identity.ts';

export interface IdentifiedTicket {
  readonly docId: string;
  readonly ticket: Ticket;
}

export const identify = ({ key }: IdentityKey) =>
  function identify(ticket: Ticket): Accepted<IdentifiedTicket> {
    return accepted({ docId: docIdOf(key, ticket.source, ticket.ticketId, ticket.text), ticket });
  };
