import { accepted, deadLettered, type Outcome } from '@assay/shared/pipeline/outcome';
import { bytesOf, documentOf, mostBytesOf, ROW_MAX_BYTES, type Document } from './domain/document.ts';
import type { IdentifiedMaskedTicket } from './mask-pii.step.ts';

export function toDocument({ docId, masked }: IdentifiedMaskedTicket): Outcome<Document> {
  const document = documentOf(docId, masked);
  if (mostBytesOf(document) <= ROW_MAX_BYTES) return accepted(document);
  const bytes = bytesOf(document);
  return bytes <= ROW_MAX_BYTES
    ? accepted(document)
    : deadLettered('PAYLOAD_TOO_LARGE', `ticket: ${bytes} bytes once masked, at most ${ROW_MAX_BYTES} are accepted`);
}
