import { textHash } from '@assay/labels/document-key';
import type { Json } from '@assay/shared/contracts/ticket';
import type { MaskedTicket, MaskReport } from './mask-ticket.ts';

/** A row of `documents`, but for where its raw line lies. */
export interface Document {
  readonly doc_id: string;
  readonly source: string;
  readonly ticket_id: string;
  readonly text: string;
  readonly text_hash: string;
  readonly priority: number;
  readonly fields: Readonly<Record<string, Json>>;
  readonly masked: MaskReport;
  readonly created_at: string | null;
}

export function documentOf(docId: string, { ticket, report }: MaskedTicket): Document {
  return {
    doc_id: docId,
    source: ticket.source,
    ticket_id: ticket.ticketId,
    text: ticket.text,
    text_hash: textHash(ticket.text),
    priority: ticket.priority,
    fields: ticket.fields,
    masked: report,
    created_at: ticket.createdAt,
  };
}
