import { accepted, type Accepted } from '@assay/shared/pipeline/outcome';
import { documentOf, type Document } from './domain/document.ts';
import type { IdentifiedMaskedTicket } from './mask-pii.step.ts';

export function toDocument({ docId, masked }: IdentifiedMaskedTicket): Accepted<Document> {
  return accepted(documentOf(docId, masked));
}
