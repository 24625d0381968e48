import { z } from 'zod';
import { MIB } from './units.ts';

/** Longest ticket text in bytes of UTF-8. Longer ones are dead letters on Kafka and 422 on HTTP. */
export const TICKET_TEXT_MAX_BYTES = MIB;

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The value of a `tickets.raw.v1` message. Unknown keys at the top level are kept: they land in `fields`. */
export const ticketSchema = z
  .looseObject({
    source: z.string().min(1).describe('System the ticket comes from, for example zendesk.'),
    ticket_id: z.string().min(1).describe('Id of the ticket in that system.'),
    text: z.string().describe('What the customer wrote. At most 1 MiB of UTF-8.'),
    created_at: z.iso.datetime({ offset: true }).optional().describe('When the ticket was made, ISO 8601 with a zone.'),
    priority: z.int().min(0).max(9).optional().describe('0 (first) to 9; 5 when absent.'),
    fields: z.record(z.string(), z.json()).optional().describe('Anything else worth keeping; masked like the text.'),
  })
  .describe('One support ticket.');

export interface Ticket {
  readonly source: string;
  readonly ticketId: string;
  readonly text: string;
  readonly createdAt: string | null;
  readonly priority: number;
  readonly fields: Readonly<Record<string, Json>>;
}

export const DEFAULT_PRIORITY = 5;
