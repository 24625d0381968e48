/**
 * Raw ticket messages for benches, demos and tests: the same options give the same bytes. About 700 bytes a line.
 * Every value is invented. `planted` names what each ticket hides, so a test can search a whole system for it.
 */
import {
  createChance,
  makeBitcoinAddress,
  makeCard,
  makeIban,
  makeIpv4,
  makeIpv6,
  makeItin,
  makeMac,
  makeNhs,
  makeNino,
  makePhone,
  makeSecret,
  makeSsn,
  type Chance,
} from './ticket-values.ts';
import { asciiPhrases, worldPhrases, type Phrases } from './ticket-phrases.ts';

export interface TicketOptions {
  readonly count: number;
  readonly seed?: number;
  /** The share of tickets that hold personal values; default 0.4. */
  readonly pii?: number;
  /** `six`: e-mail, phone, card, IPv4, IBAN, US SSN (default). `all`: every kind the masker knows. */
  readonly kinds?: 'six' | 'all';
  /** `ascii` (default), or `world`: seven languages with accents, typographic marks, Greek, Japanese and emoji. */
  readonly language?: 'ascii' | 'world';
}

export interface Ticket {
  readonly source: string;
  readonly ticket_id: string;
  readonly text: string;
  readonly created_at: string;
  readonly priority: number;
  readonly channel: string;
  readonly customer: Readonly<Record<string, string | number>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface Planted {
  readonly type: string;
  readonly value: string;
}

export interface GeneratedTicket {
  readonly ticket: Ticket;
  readonly planted: readonly Planted[];
}

const sources = ['zendesk', 'jira', 'email', 'webform', 'chat'];
const channels = ['web', 'mobile', 'phone', 'email', 'partner-api'];
const regions = ['eu-west-1', 'eu-central-1', 'us-east-1', 'ap-south-1'];
const tags = 'billing login refund shipping outage invoice password mobile vip sso export api latency duplicate'.split(
  ' ',
);
const firstInstant = Date.UTC(2026, 0, 5, 8);

export function* generateTickets(options: TicketOptions): Generator<GeneratedTicket> {
  const chance = createChance(options.seed ?? 7);
  for (let i = 0; i < options.count; i++) yield generateTicket(chance, i, options);
}

/** The line a producer would send. */
export const ticketLine = ({ ticket }: GeneratedTicket): string => JSON.stringify(ticket);

function generateTicket(chance: Chance, index: number, options: TicketOptions): GeneratedTicket {
  const phrases = options.language === 'world' ? worldPhrases : asciiPhrases;
  const parts = [chance.pick(phrases.leads), ...chance.sample(phrases.sentences, chance.between(3, 7))];
  const planted: Planted[] = [];
  if (chance.next() < (options.pii ?? 0.4)) {
    for (let left = chance.pick([1, 1, 2, 2, 3, 4]); left > 0; left--) {
      const value = plant(chance, options.kinds ?? 'six', phrases);
      planted.push(value);
      parts.splice(chance.between(1, parts.length + 1), 0, value.sentence);
    }
  }
  const ticket: Ticket = {
    source: chance.pick(sources),
    ticket_id: `T-${String(index).padStart(8, '0')}`,
    text: parts.join(' '),
    created_at: new Date(firstInstant + (index * 7 + chance.below(7)) * 1000).toISOString().replace('.000Z', 'Z'),
    priority: chance.between(1, 5),
    ...surroundings(chance),
  };
  return { ticket, planted: planted.map(({ type, value }) => ({ type, value })) };
}

function surroundings(chance: Chance): Pick<Ticket, 'channel' | 'customer' | 'metadata'> {
  return {
    channel: chance.pick(channels),
    customer: {
      id: `c-${String(chance.below(60_000)).padStart(6, '0')}`,
      plan: chance.pick(['free', 'team', 'business']),
      region: chance.pick(regions),
      since: 2015 + chance.below(11),
    },
    metadata: {
      lang: 'en',
      tags: chance.sample(tags, chance.between(1, 4)),
      sla: { first_response_min: chance.pick([30, 60, 240]), breached: chance.next() < 0.1 },
      trace_id: Array.from({ length: 32 }, () => chance.below(16).toString(16)).join(''),
    },
  };
}

interface Kind {
  readonly type: string;
  readonly weight: number;
  make(chance: Chance, phrases: Phrases): string;
  readonly templates: readonly string[];
}

const makeEmail = (chance: Chance, phrases: Phrases): string =>
  `${chance.pick(phrases.firstNames)}.${chance.pick(phrases.lastNames)}${chance.below(1000)}@${chance.pick(phrases.domains)}`;

const sixKinds: readonly Kind[] = [
  {
    type: 'EMAIL_ADDRESS',
    weight: 34,
    make: makeEmail,
    templates: ['You can reach me at %.', 'My address is %', 'cc: %'],
  },
  { type: 'PHONE_NUMBER', weight: 28, make: makePhone, templates: ['Call me on % after 5 pm.', 'Phone: %'] },
  { type: 'IP_ADDRESS', weight: 14, make: makeIpv4, templates: ['Requests come from %.', 'client_ip=%'] },
  { type: 'CREDIT_CARD', weight: 12, make: makeCard, templates: ['I paid with card %.', 'Card on file: %'] },
  { type: 'IBAN_CODE', weight: 7, make: makeIban, templates: ['Please refund to IBAN %.'] },
  { type: 'US_SSN', weight: 5, make: makeSsn, templates: ['My SSN is %.'] },
];

const allKinds: readonly Kind[] = [
  ...sixKinds,
  { type: 'IP_ADDRESS', weight: 5, make: makeIpv6, templates: ['The address is %.', 'client_ip=%'] },
  { type: 'MAC_ADDRESS', weight: 5, make: makeMac, templates: ['The router says MAC %.'] },
  { type: 'US_ITIN', weight: 5, make: makeItin, templates: ['My ITIN is %.'] },
  { type: 'UK_NHS', weight: 5, make: makeNhs, templates: ['My NHS number is %.'] },
  { type: 'UK_NINO', weight: 5, make: makeNino, templates: ['National insurance number %.'] },
  { type: 'CRYPTO', weight: 5, make: makeBitcoinAddress, templates: ['Send it to my wallet % please.'] },
  { type: 'SECRET', weight: 5, make: makeSecret, templates: ['The key % stopped working.'] },
];

function plant(chance: Chance, kinds: 'six' | 'all', phrases: Phrases): Planted & { readonly sentence: string } {
  const list = kinds === 'six' ? sixKinds : allKinds;
  let left = chance.next() * list.reduce((sum, kind) => sum + kind.weight, 0);
  const kind = list.find((each) => (left -= each.weight) < 0) ?? sixKinds[0];
  if (kind === undefined) throw new Error('there is no kind of value to plant');
  const value = kind.make(chance, phrases);
  return { type: kind.type, value, sentence: chance.pick(kind.templates).replace('%', () => value) };
}
