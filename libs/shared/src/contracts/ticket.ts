import { z } from 'zod';
import { MIB } from './units.ts';

/** Longest ticket text in bytes of UTF-8. Longer ones are dead letters on Kafka and 422 on HTTP. */
export const TICKET_TEXT_MAX_BYTES = MIB;

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * Longest `source` and `ticket_id` in UTF-16 units. They are one index entry together, which Postgres limits to 2704 bytes:
 * even in a script of three bytes a letter they fit.
 */
const SOURCE_MAX_LENGTH = 128;
const TICKET_ID_MAX_LENGTH = 512;

/** ISO 8601 has a year 0, zones up to a day and seconds to any precision; Postgres has neither. */
const isPostgresTime = (time: string): boolean =>
  !time.startsWith('0000') && !/[+-](?:1[6-9]|2\d):\d\d$/.test(time) && time.length <= 64;

/** The value of a `tickets.raw.v1` message. Unknown keys at the top level are kept: they land in `fields`. */
export const ticketSchema = z
  .looseObject({
    source: z.string().min(1).max(SOURCE_MAX_LENGTH).describe('System the ticket comes from, for example zendesk.'),
    ticket_id: z.string().min(1).max(TICKET_ID_MAX_LENGTH).describe('Id of the ticket in that system.'),
    text: z.string().describe('What the customer wrote. At most 1 MiB of UTF-8.'),
    created_at: z.iso
      .datetime({ offset: true })
      .refine(isPostgresTime, 'is no time that Postgres can store')
      .optional()
      .describe('When the ticket was made, ISO 8601 with a zone.'),
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
