import { columnOf } from '../columns.ts';
import type { Label } from '../label.ts';
import type { Json } from './json-input.ts';
import { textOf } from './json-input.ts';

// How the formats share a label's `extra`: plain names are the document's own fields (datetime, priority, …) and go
// where a tool keeps those; `@<tool>` holds what only that tool understands (its ids, its raw results).

export interface Document {
  readonly docId: string | null;
  readonly text: string | null;
  readonly fields: Json;
  /** Names that stood for docId and text, where they are not our own. */
  readonly names: Readonly<Partial<Record<'doc_id' | 'text', string>>>;
}

/** The document that an object of a tool describes: id and text by alias, our own names first. */
export function documentOf(json: Json): Document {
  const idName = nameFor(json, 'doc_id');
  const textName = nameFor(json, 'text');
  const fields = Object.entries(json).filter(([name]) => name !== idName && name !== textName);
  return {
    docId: idName === undefined ? null : textOf(json[idName]),
    text: textName === undefined ? null : textOf(json[textName]),
    fields: Object.fromEntries(fields),
    names: {
      ...(idName === undefined || idName === 'doc_id' ? {} : { doc_id: idName }),
      ...(textName === undefined || textName === 'text' ? {} : { text: textName }),
    },
  };
}

function nameFor(json: Json, column: 'doc_id' | 'text'): string | undefined {
  if (Object.hasOwn(json, column)) return column;
  return Object.keys(json).find((name) => columnOf(name) === column);
}

/** The document's own fields, to be written beside `taken` names. */
export function fieldsOf(label: Label, taken: readonly string[] = []): Record<string, unknown> {
  const fields = Object.entries(label.extra).filter(([name]) => !name.startsWith('@') && !taken.includes(name));
  return Object.fromEntries(fields);
}

/** What only `tool` understands, from a label that came from it. */
export function rawOf(label: Label, tool: string): Json {
  const raw = label.extra[`@${tool}`];
  return typeof raw === 'object' && raw !== null ? (raw as Json) : {};
}

export interface DocumentGroup {
  /** Indexes of the labels, in their order. */
  readonly members: number[];
}

/** Labels of one document together, in order of first sight. `ownId` is the tool's own id of the document; a label that
 * names no document stands alone. */
export function groupDocuments(
  labels: readonly Label[],
  ownId: (label: Label) => string | null,
): readonly DocumentGroup[] {
  const groups = new Map<string, { members: number[] }>();
  for (const [index, label] of labels.entries()) {
    const key = documentKey(label, ownId(label), index);
    const group = groups.get(key) ?? { members: [] };
    groups.set(key, group);
    group.members.push(index);
  }
  return [...groups.values()];
}

function documentKey({ docId, text }: Label, ownId: string | null, index: number): string {
  const hasNoName = ownId === null && docId === null && text === null;
  return JSON.stringify(hasNoName ? [index] : [ownId, docId, text]);
}
