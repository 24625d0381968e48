import type { LabelMessage } from '@assay/shared/contracts/label-message';
import type { Transaction } from '@assay/shared/postgres/statement';
import { contentOf } from './domain/vote-places.ts';
import { findByDocId, findByText, insertRejected, insertUnmatched } from './labels.sql.ts';

export type Matched = { readonly docId: string; readonly message: LabelMessage };

/** Finds each label's document, by id or by a text that only one document has. The rest waits, or is rejected at once. */
export async function matchDocuments(
  tx: Transaction,
  partition: number,
  labels: readonly LabelMessage[],
): Promise<readonly Matched[]> {
  if (labels.length === 0) return [];
  const ids = labels.flatMap(({ doc_id }) => doc_id ?? []);
  const hashes = labels.flatMap(({ doc_id, text_hash }) => (doc_id === null ? (text_hash ?? []) : []));
  const byId = new Set((await tx.query<{ doc_id: string }>(findByDocId, [ids])).map(({ doc_id }) => doc_id));
  const texts = await tx.query<{ text_hash: string; doc_id: string; documents: number }>(findByText, [hashes]);
  const byText = new Map(texts.map((found) => [found.text_hash, found]));
  const matched: Matched[] = [];
  const unmatched: LabelMessage[] = [];
  const ambiguous: LabelMessage[] = [];
  for (const message of labels) {
    const found = message.doc_id === null ? byText.get(message.text_hash ?? '') : undefined;
    const docId = message.doc_id === null ? found?.doc_id : byId.has(message.doc_id) ? message.doc_id : undefined;
    if (docId === undefined) unmatched.push(message);
    else if ((found?.documents ?? 1) > 1) ambiguous.push(message);
    else matched.push({ docId, message });
  }
  if (unmatched.length > 0) await tx.query(insertUnmatched, [JSON.stringify(unmatched.map(waitingRow)), partition]);
  if (ambiguous.length > 0) await tx.query(insertRejected, [JSON.stringify(ambiguous.map(ambiguousRow))]);
  return matched;
}

const waitingRow = (message: LabelMessage) => ({
  ...contentOf(message.origin),
  row_number: message.origin.row,
  doc_id: message.doc_id,
  text_hash: message.text_hash,
  message,
});

const ambiguousRow = (message: LabelMessage) => ({
  ...contentOf(message.origin),
  row_number: message.origin.row,
  reason: 'ambiguous_document',
  record: message,
});
