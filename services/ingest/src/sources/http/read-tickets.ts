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

/** With the document that the ticket becomes, or is already. */
export interface IdentifiedSubmission extends Submission {
  readonly docId: string;
}

/** What is wrong with one ticket of a request. `index` counts from 0. */
export interface Rejection {
  readonly index: number;
  readonly code: DeadLettered['code'];
  readonly detail: string;
}

export interface ReadTickets {
  readonly submissions: readonly IdentifiedSubmission[];
  /** The first ones, at most REJECTIONS_TOLD: what comes after them is not judged. */
  readonly rejections: readonly Rejection[];
  /** There are more than a request may hold; those behind are not judged. */
  readonly tooMany: boolean;
}

/** A request with more wrong tickets than this tells of the first ones. */
export const REJECTIONS_TOLD = 100;

type Judged = Submission | Rejection;

/** Content types of the endpoint, and how their body splits into tickets, each judged when it is asked for. */
export const ticketContentTypes = {
  'application/json': judgeArrayOrOne,
  'application/cloudevents+json': judgeArrayOrOne,
  'application/cloudevents-batch+json': judgeArrayOrOne,
  'application/x-ndjson': judgeLines,
  'application/jsonl': judgeLines,
} as const satisfies Record<string, (body: Buffer) => Iterable<Judged>>;

export type TicketContentType = keyof typeof ticketContentTypes;

export const isTicketContentType = (type: string): type is TicketContentType => Object.hasOwn(ticketContentTypes, type);

/** Others get their turn after so many tickets: a large request must not keep probes and lanes waiting. */
const SLICE = 100;

/** By the step of the lane, which identifies what is published once more. */
export type DocIdOf = (ticket: Ticket) => string;

export interface ReadingOptions {
  readonly maxTickets: number;
  readonly docIdOf: DocIdOf;
  readonly letOthersWork: () => Promise<unknown>;
}

export async function readTickets(
  type: TicketContentType,
  body: Buffer,
  { maxTickets, docIdOf, letOthersWork }: ReadingOptions,
): Promise<ReadTickets> {
  const submissions: IdentifiedSubmission[] = [];
  const rejections: Rejection[] = [];
  for (const judged of ticketContentTypes[type](body)) {
    const count = submissions.length + rejections.length;
    if (count === maxTickets) return { submissions, rejections, tooMany: true };
    if ('ticket' in judged) submissions.push({ ...judged, docId: docIdOf(judged.ticket) });
    else rejections.push(judged);
    if (rejections.length === REJECTIONS_TOLD) break;
    if (count % SLICE === SLICE - 1) await letOthersWork();
  }
  return { submissions, rejections, tooMany: false };
}

/** Values of a whole request. An array cannot be judged before it is parsed, so what it becomes in memory is bounded here. */
const REQUEST_MAX_VALUES = 500_000;

function* judgeArrayOrOne(body: Buffer): Generator<Judged> {
  const decoded = decodeJson(body, REQUEST_MAX_VALUES);
  if (decoded.kind !== 'accepted') yield { index: 0, ...reasonOf(decoded as DeadLettered) };
  else if (Array.isArray(decoded.value))
    for (const [index, value] of decoded.value.entries()) yield judge(value, index);
  else yield judge(decoded.value, 0);
}

function* judgeLines(body: Buffer): Generator<Judged> {
  let index = 0;
  for (const line of splitLines(body)) yield judgeLine(line, index++);
}

function judgeLine(line: Buffer, index: number): Judged {
  if (line.length > topics.ticketsRaw.maxMessageBytes) return { index, ...tooLarge(line.length) };
  const decoded = decodeJson(line);
  return decoded.kind === 'accepted' ? judge(decoded.value, index) : { index, ...reasonOf(decoded as DeadLettered) };
}

function judge(value: unknown, index: number): Judged {
  const ticket = unwrapCloudEvent(value);
  // The lane unwraps what is published: a ticket that looks like an event itself is to it what is inside.
  const outcome = toTicket(unwrapCloudEvent(ticket));
  if (outcome.kind !== 'accepted') return { index, ...reasonOf(outcome as DeadLettered) };
  const bytes = Buffer.from(JSON.stringify(ticket));
  return bytes.length <= TICKET_MAX_BYTES
    ? { ticket: outcome.value, value: bytes }
    : { index, ...tooLarge(bytes.length) };
}

/** What the topic takes, less the record around it. Kafka refuses a larger one for ever, which is not its outage. */
const TICKET_MAX_BYTES = topics.ticketsRaw.maxMessageBytes - 16 * KIB;

const tooLarge = (bytes: number) => ({
  code: 'PAYLOAD_TOO_LARGE' as const,
  detail: `ticket: ${bytes} bytes, at most ${TICKET_MAX_BYTES} are accepted`,
});

const NEWLINE = 0x0a;
const SPACE = 0x20;

/** Lines of NDJSON; blank ones are allowed by everybody who writes it by hand. */
function* splitLines(body: Buffer): Generator<Buffer> {
  let start = 0;
  for (;;) {
    while (start < body.length && body[start]! <= SPACE) start++;
    if (start === body.length) return;
    const newline = body.indexOf(NEWLINE, start);
    const end = newline === -1 ? body.length : newline;
    yield body.subarray(start, end);
    start = end;
  }
}

const reasonOf = ({ code, detail }: DeadLettered) => ({ code, detail });
