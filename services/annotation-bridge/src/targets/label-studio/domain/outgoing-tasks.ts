import { fieldAt } from '../../field-at.ts';
import type { OutgoingDocument } from '../../outgoing-document.ts';

const OWN_KEYS = ['doc_id', 'ticket_id', 'source', 'datetime', 'priority', 'text'] as const;

/** Keys of every task's data: what a label config may show as `$key`. */
export const dataKeys = (fieldPaths: readonly string[]): readonly string[] => [...OWN_KEYS, ...fieldPaths];

interface OutgoingTask {
  readonly data: Readonly<Record<string, unknown>>;
  readonly meta: { readonly batch_id: string };
}

/** The body of an import, in the order of the documents. Label Studio refuses a whole import for a `null` that is shown. */
export function encodeTasks(
  batchId: string,
  documents: readonly OutgoingDocument[],
  fieldPaths: readonly string[],
): Buffer {
  const tasks = documents.map(({ fields, ...own }): OutgoingTask => ({
    data: { ...own, ...Object.fromEntries(fieldPaths.map((path) => [path, fieldAt(fields, path) ?? ''])) },
    meta: { batch_id: batchId },
  }));
  return Buffer.from(JSON.stringify(tasks));
}

/** The same for some documents of the batch alone. */
export function onlyTasksOf(content: Buffer, docIds: ReadonlySet<string>): { body: string; docIds: string[] } {
  const tasks = JSON.parse(content.toString('utf8')) as readonly OutgoingTask[];
  const wanted = tasks.filter(({ data }) => docIds.has(String(data['doc_id'])));
  return { body: JSON.stringify(wanted), docIds: wanted.map(({ data }) => String(data['doc_id'])) };
}
