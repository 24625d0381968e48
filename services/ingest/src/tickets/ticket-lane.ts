import type { Masker } from '@assay/pii/masker';
import type { NameFinder } from '@assay/pii/second-pass';
import { lanes } from '@assay/shared/contracts/lanes';
import { lane } from '@assay/shared/pipeline/lane';
import type { SourceRecord } from '@assay/shared/pipeline/record';
import { steps } from '@assay/shared/pipeline/step';
import type { Bronze } from '../bronze/bronze.ts';
import { deepPass } from './deep-pass.ts';
import { storeDocuments, type DocumentStore } from './store-documents.ts';
import type { IdentityKey } from './domain/identity.ts';
import { decodeTicket } from './decode-ticket.step.ts';
import { identify } from './identify.step.ts';
import { maskPii } from './mask-pii.step.ts';
import { repairText } from './repair-text.step.ts';
import { toDocument } from './to-document.step.ts';

export interface TicketParts {
  readonly identityKey: IdentityKey;
  readonly masker: Masker;
  /** The deep pass; null when it is off. */
  readonly nameFinder: NameFinder | null;
  readonly documents: DocumentStore;
  readonly bronze: Bronze;
}

/** Which document a message is about; null for one that is no ticket. */
export function identifyRecord(key: IdentityKey): (record: SourceRecord) => string | null {
  const { run } = steps(decodeTicket, identify(key));
  return (record) => {
    const result = run(record);
    return 'value' in result ? result.value.docId : null;
  };
}

/** A ticket becomes a document: what ingest does, in order. */
export const ticketLane = ({ identityKey, masker, nameFinder, documents, bronze }: TicketParts) =>
  lane(
    lanes.tickets,
    steps(decodeTicket, identify(identityKey), repairText, maskPii(masker), toDocument),
    storeDocuments(
      documents,
      bronze,
      // Asynchronous, so no step: what it refuses and when it is away, it says as an effect does.
      nameFinder && deepPass(masker, nameFinder, steps(decodeTicket, identify(identityKey), repairText)),
    ),
  );
