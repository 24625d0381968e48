import { hash } from 'node:crypto';
import { documentOf } from './document-fields.ts';
import { parseTable } from './csv-table.ts';
import { isJson, jsonOf, parseJson, textOf } from './json-input.ts';
import type { Json } from './json-input.ts';
import { UnreadableContent } from './unreadable-content.ts';

/** What one outgoing file held, row by row: the only way back from `jsonlines_row_12` to a document. */
export interface RowManifest {
  readonly blob: string;
  readonly rows: readonly ManifestRow[];
}

export interface ManifestRow {
  readonly docId: string;
  /** Hex SHA-256 of the text in UTF-8; null where the manifest has none. */
  readonly textSha256: string | null;
  /** Only where the outgoing CSV itself is at hand. */
  readonly text: string | null;
}

export function textSha256(text: string): string {
  return hash('sha256', text, 'hex');
}

/** A manifest (`{"blob","rows":[{"row","doc_id","text_sha256"}]}`) or the outgoing CSV it belongs to. */
export function parseManifest(content: string, path: string): RowManifest {
  return content.trimStart().startsWith('{')
    ? manifestOfJson(jsonOf(parseJson(content)), path)
    : manifestOfCsv(content, path);
}

function manifestOfJson(json: Json, path: string): RowManifest {
  const { rows } = json;
  // Rows as a list that may say its numbers, or as an object by number.
  const entries = isJson(rows)
    ? Object.entries(rows).map(([row, value]) => [Number(row), value] as const)
    : (Array.isArray(rows) ? rows : []).map((value, at) => [Number(jsonOf(value)['row'] ?? at), value] as const);
  const sorted = entries.toSorted(([left], [right]) => left - right).map(([, value]) => manifestRow(value));
  const known = sorted.filter((row) => row !== null);
  if (sorted.length === 0 || known.length < sorted.length)
    throw new UnreadableContent('undecodable', `${path}: no rows with a doc_id`);
  return { blob: textOf(json['blob']) ?? path, rows: known };
}

function manifestRow(value: unknown): ManifestRow | null {
  const row = isJson(value) ? value : { doc_id: value };
  const docId = textOf(row['doc_id']);
  return docId === null ? null : { docId, textSha256: textOf(row['text_sha256']), text: textOf(row['text']) };
}

function manifestOfCsv(content: string, path: string): RowManifest {
  const { rows } = parseTable(content);
  const known = rows.flatMap((row, at) => {
    // A malformed row would shift every row behind it to the wrong document.
    if (row.malformed !== null) throw new UnreadableContent('undecodable', `${path}#${at + 1}: ${row.malformed.why}`);
    const { docId, text } = documentOf(Object.fromEntries([...row.cells].map(([name, cell]) => [name, cell.text])));
    return docId === null ? [] : [{ docId, text, textSha256: text === null ? null : textSha256(text) }];
  });
  if (known.length === 0 || known.length < rows.length)
    throw new UnreadableContent('undecodable', `${path}: no rows with a doc_id`);
  return { blob: path, rows: known };
}
