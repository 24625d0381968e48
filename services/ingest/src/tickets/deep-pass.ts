import type { Masker } from '@assay/pii/masker';
import { createTwoPassMasker, type NameFinder } from '@assay/pii/second-pass';
import type { Item } from '@assay/shared/pipeline/lane';
import { PipelineError } from '@assay/shared/errors/pipeline-error';
import type { SourceRecord } from '@assay/shared/pipeline/record';
import type { Chain } from '@assay/shared/pipeline/step';
import { askNames } from './ask-names.ts';
import type { Document } from './domain/document.ts';
import { stringsOf, withMasked, type TicketStrings } from './domain/mask-ticket.ts';
import type { IdentifiedTicket } from './identify.step.ts';
import type { Finish } from './store-documents.ts';
import { toDocument } from './to-document.step.ts';

/**
 * Masks the new tickets of a batch once more, by both passes. They are read from their records again: only so do the places
 * of what was masked tell where it stood in the original, and the rules cost nothing beside what comes after them.
 */
export const deepPass =
  (masker: Masker, finder: NameFinder, read: Chain<SourceRecord, IdentifiedTicket>): Finish =>
  async (items, keepAlive) => {
    const tickets = items.map((item) => readAgain(read, item));
    const found = await askNames(finder, masked(masker, tickets), keepAlive);
    const both = createTwoPassMasker(masker, {
      finder: { findNames: async (text) => found.get(text) ?? [] },
      onFailure: 'fail',
    });
    return Promise.all(
      tickets.map(async ({ docId, ticket, record, strings: { texts, names } }) => {
        const { masked: results } = await both.maskTogether(texts, names);
        return { record, value: documentOrRefusal(docId, withMasked(ticket, results)) };
      }),
    );
  };

interface ReadTicket extends IdentifiedTicket {
  readonly record: SourceRecord;
  readonly strings: TicketStrings;
}

function readAgain(read: Chain<SourceRecord, IdentifiedTicket>, { record }: Item<Document>): ReadTicket {
  const result = read.run(record);
  if ('exit' in result) throw new Error(`a ticket that became a document is refused by ${result.exit.step}`);
  return { ...result.value, record, strings: stringsOf(result.value.ticket) };
}

function* masked(masker: Masker, tickets: readonly ReadTicket[]): Generator<string> {
  for (const { strings } of tickets)
    for (const { text } of masker.maskTogether(strings.texts, strings.names)) yield text;
}

/** Placeholders may be longer than what they stand for, and the row too large only now. */
function documentOrRefusal(docId: string, ticket: ReturnType<typeof withMasked>): Document {
  const outcome = toDocument({ docId, masked: ticket });
  if (outcome.kind === 'accepted') return outcome.value;
  if (outcome.kind === 'deadLettered') throw new PipelineError(outcome.code, outcome.detail);
  throw new Error(`a document was left out: ${outcome.reason}`);
}
