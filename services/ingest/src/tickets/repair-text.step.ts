import { accepted, deadLettered, type Outcome } from '@assay/shared/pipeline/outcome';
import { LONG_MARK_RUN } from './domain/decode-ticket.ts';
import { hasLongMarkRun } from './domain/mark-runs.ts';
import { repair } from './domain/repair-text.ts';
import type { IdentifiedTicket } from './identify.step.ts';

export function repairText({ docId, ticket }: IdentifiedTicket): Outcome<IdentifiedTicket> {
  const text = repair(ticket.text);
  // Marks that were misread as letters are marks again, and what comes next normalises them too.
  if (hasLongMarkRun(text)) return deadLettered('CONTRACT_VIOLATED', LONG_MARK_RUN);
  return accepted({ docId, ticket: { ...ticket, text } });
}
