import { type GeneratedTicket, generateTickets, type Planted } from '../../tickets/tickets.ts';

/** A ticket to send, and what must never be seen of it behind the masker. */
export interface DemoTicket {
  readonly key: string;
  readonly line: string;
  readonly planted: readonly Planted[];
}

const SEED = 20_261_121;
const WORLD_ONE_IN = 5;
const IN_FIELDS_ONE_IN = 3;
const IN_TICKET_ID_ONE_IN = 10;

/** The field a form would ask for each kind in. */
export const fieldOf: Readonly<Record<string, string>> = {
  EMAIL_ADDRESS: 'email',
  PHONE_NUMBER: 'phone',
  CREDIT_CARD: 'card_number',
  IBAN_CODE: 'iban',
  IP_ADDRESS: 'client_ip',
  MAC_ADDRESS: 'mac_address',
  US_SSN: 'ssn',
  US_ITIN: 'itin',
  UK_NHS: 'nhs_number',
  UK_NINO: 'national_insurance_number',
  CRYPTO: 'wallet',
  SECRET: 'api_key',
};

/** The same tickets in every run: 40 % hold personal values of every kind, some also in their fields and in ticket_id. */
export function demoTickets(count: number): DemoTicket[] {
  const plain = [...generateTickets({ count, seed: SEED, kinds: 'all' })];
  const world = [...generateTickets({ count, seed: SEED + 1, kinds: 'all', language: 'world' })];
  const further = [...generateTickets({ count, seed: SEED + 2, kinds: 'all', pii: 1 })].map(({ planted }) => planted);
  const emails = further.flat().filter(({ type }) => type === 'EMAIL_ADDRESS');
  let personal = 0;
  return plain.map((ascii, index) => {
    const base = index % WORLD_ONE_IN === WORLD_ONE_IN - 1 ? (world[index] ?? ascii) : ascii;
    if (base.planted.length === 0) return demoTicket(base, {});
    personal++;
    return demoTicket(base, {
      ...(personal % IN_FIELDS_ONE_IN === 0 ? { field: further[index]?.[0] } : {}),
      ...(personal % IN_TICKET_ID_ONE_IN === 0 ? { inTicketId: emails[index % emails.length] } : {}),
    });
  });
}

interface Extras {
  readonly field?: Planted | undefined;
  readonly inTicketId?: Planted | undefined;
}

function demoTicket({ ticket, planted }: GeneratedTicket, { field, inTicketId }: Extras): DemoTicket {
  const ticketId = inTicketId === undefined ? ticket.ticket_id : `${ticket.ticket_id} ${inTicketId.value}`;
  const fields = field === undefined ? {} : { fields: { [fieldOf[field.type] ?? 'contact']: field.value } };
  return {
    key: ticketId,
    line: JSON.stringify({ ...ticket, ticket_id: ticketId, ...fields }),
    planted: [...planted, ...[field, inTicketId].filter((each) => each !== undefined)],
  };
}
