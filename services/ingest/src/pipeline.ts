import type { Masker } from '@assay/pii/masker';
import { lanes } from '@assay/shared/contracts/lanes';
import { lane } from '@assay/shared/pipeline/lane';
import { steps } from '@assay/shared/pipeline/step';
import type { Bronze } from './adapters/bronze.ts';
import { storeDocuments, type DocumentStore } from './adapters/store-documents.ts';
import type { IdentityKey } from './domain/identity.ts';
import { decodeTicket } from './steps/decode-ticket.step.ts';
import { identify } from './steps/identify.step.ts';
import { maskPii } from './steps/mask-pii.step.ts';
import { repairText } from './steps/repair-text.step.ts';
import { toDocument } from './steps/to-document.step.ts';

export interface Parts {
  readonly identityKey: IdentityKey;
  readonly masker: Masker;
  readonly documents: DocumentStore;
  readonly bronze: Bronze;
}

/** A ticket becomes a document: what ingest does, in order. */
export const ticketLane = ({ identityKey, masker, documents, bronze }: Parts) =>
  lane(
    lanes.tickets,
    steps(decodeTicket, identify(identityKey), repairText, maskPii(masker), toDocument),
    storeDocuments(documents, bronze),
  );
