import type { LabelMessage } from '@assay/shared/contracts/label-message';
import type { Transaction } from '@assay/shared/postgres/statement';
import { annotationIdOf, toolIdOf } from './domain/vote-row.ts';
import { findWithdrawals, findWithdrawnDocuments, insertWithdrawals } from './places.sql.ts';
import type { Matched } from './match-documents.ts';

type Key = ReturnType<typeof withdrawalKey>;

/**
 * A withdrawal names the tool's own id; without one it names the row it equals. Every row that says so is kept, because it
 * holds as long as one of them is in its file. Answers how many repeat a withdrawal that was known.
 */
export async function storeWithdrawals(tx: Transaction, withdrawals: readonly Matched[]) {
  if (withdrawals.length === 0) return { documents: [], repeats: 0 };
  const rows = withdrawals.map(({ docId, message }) => ({
    ...withdrawalKey(docId, message),
    raw_annotation_path: message.origin.path,
    raw_row: message.origin.row,
    generation: message.origin.generation,
  }));
  const json = JSON.stringify(rows);
  const known = await tx.query<Key>(findWithdrawals, [json]);
  await tx.query(insertWithdrawals, [json]);
  const documents = await tx.query<{ doc_id: string }>(findWithdrawnDocuments, [json]);
  const isKnown = new Set(known.map(keyText));
  const fresh = new Set(rows.map(keyText).filter((key) => !isKnown.has(key)));
  return { documents: documents.map(({ doc_id }) => doc_id), repeats: rows.length - fresh.size };
}

const keyText = ({ tool, tool_annotation_id }: Key): string => `${tool}\n${tool_annotation_id}`;

function withdrawalKey(docId: string, message: LabelMessage) {
  const tool_annotation_id = toolIdOf(message);
  return tool_annotation_id === null
    ? { tool: 'content', tool_annotation_id: annotationIdOf(docId, message) }
    : { tool: message.origin.tool, tool_annotation_id };
}
