import type { Ticket } from '@assay/shared/contracts/ticket';
import { topics } from '@assay/shared/contracts/topics';
import { KIB } from '@assay/shared/contracts/units';
import type { DeadLettered } from '@assay/shared/pipeline/outcome';
import { decodeJson, toTicket, unwrapCloudEvent } from '../../tickets/domain/decode-ticket.ts';

export interface Submission {
  readonly ticket: Ticket;
  /** The bytes to publish: what the caller sent for this ticket. */
  readonly value: Buffer;
}

/** What is wrong with one ticket of a request. `index` counts from 0. */
export interface Rejection {
  readonly index: number;
  readonly code: DeadLettered['code'];
  readonly detail: string;
}

export interface ReadTickets {
  readonly submissions: readonly Submission[];
  readonly rejections: readonly Rejection[];
}

/** Content types of the endpoint, and how their body splits into tickets. */
export const ticketContentTypes = {
  'application/json': readArrayOrOne,
  'application/cloudevents+json': readArrayOrOne,
  'application/cloudevents-batch+json': readArrayOrOne,
  'application/x-ndjson': readLines,
  'application/jsonl': readLines,
} as const satisfies Record<string, (body: Buffer) => ReadTickets>;

export type TicketContentType = keyof typeof ticketContentTypes;

export const isTicketContentType = (type: string): type is TicketContentType => Object.hasOwn(ticketContentTypes, type);

function readArrayOrOne(body: Buffer): ReadTickets {
  const decoded = decodeJson(body);
  if (decoded.kind !== 'accepted') return refused(decoded as DeadLettered);
  return collect(Array.isArray(decoded.value) ? decoded.value : [decoded.value]);
}

function readLines(body: Buffer): ReadTickets {
  const submissions: Submission[] = [];
  const rejections: Rejection[] = [];
  let index = 0;
  for (const line of splitLines(body)) {
    const decoded = decodeJson(line);
    if (decoded.kind === 'accepted') add(decoded.value, index, submissions, rejections);
    else rejections.push({ index, ...reasonOf(decoded as DeadLettered) });
    index++;
  }
  return { submissions, rejections };
}

function collect(values: readonly unknown[]): ReadTickets {
  const submissions: Submission[] = [];
  const rejections: Rejection[] = [];
  for (const [index, value] of values.entries()) add(value, index, submissions, rejections);
  return { submissions, rejections };
}

function add(value: unknown, index: number, submissions: Submission[], rejections: Rejection[]): void {
  const ticket = unwrapCloudEvent(value);
  const outcome = toTicket(ticket);
  if (outcome.kind !== 'accepted') {
    rejections.push({ index, ...reasonOf(outcome as DeadLettered) });
    return;
  }
  const bytes = Buffer.from(JSON.stringify(ticket));
  if (bytes.length <= TICKET_MAX_BYTES) submissions.push({ ticket: outcome.value, value: bytes });
  else rejections.push({ index, ...tooLarge(bytes.length) });
}

/** What the topic takes, less the record around it. Kafka refuses a larger one for ever, which is not its outage. */
const TICKET_MAX_BYTES = topics.ticketsRaw.maxMessageBytes - 16 * KIB;

const tooLarge = (bytes: number) => ({
  code: 'PAYLOAD_TOO_LARGE' as const,
  detail: `ticket: ${bytes} bytes, at most ${TICKET_MAX_BYTES} are accepted`,
});

const NEWLINE = 0x0a;

/** Lines of NDJSON; blank ones are allowed by everybody who writes it by hand. */
function* splitLines(body: Buffer): Generator<Buffer> {
  let start = 0;
  while (start < body.length) {
    const newline = body.indexOf(NEWLINE, start);
    const end = newline === -1 ? body.length : newline;
    const line = body.subarray(start, end);
    if (line.some((byte) => byte > 0x20)) yield line;
    start = end + 1;
  }
}

const reasonOf = ({ code, detail }: DeadLettered) => ({ code, detail });

const refused = (outcome: DeadLettered): ReadTickets => ({
  submissions: [],
  rejections: [{ index: 0, ...reasonOf(outcome) }],
});
