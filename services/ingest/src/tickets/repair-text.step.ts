import { accepted, type Accepted } from '@assay/shared/pipeline/outcome';
import { repair } from './domain/repair-text.ts';
import type { IdentifiedTicket } from './identify.step.ts';

export function repairText({ docId, ticket }: IdentifiedTicket): Accepted<IdentifiedTicket> {
  return accepted({ docId, ticket: { ...ticket, text: repair(ticket.text) } });
}
