import type { Masker } from '@assay/pii/masker';
import { accepted, type Accepted } from '@assay/shared/pipeline/outcome';
import { maskTicket, type MaskedTicket } from './domain/mask-ticket.ts';
import type { IdentifiedTicket } from './identify.step.ts';

export interface IdentifiedMaskedTicket {
  readonly docId: string;
  readonly masked: MaskedTicket;
}

export const maskPii = (masker: Masker) =>
  function maskPii({ docId, ticket }: IdentifiedTicket): Accepted<IdentifiedMaskedTicket> {
    return accepted({ docId, masked: maskTicket(masker, ticket) });
  };
