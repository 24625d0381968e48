import { UnreadableContent } from './unreadable-content.ts';

export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function jsonOf(value: unknown): Json {
  return isJson(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text of a string or a finite number; null for anything else. Ids come as either. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null;
}

export function without(json: Json, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)));
}

export function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new UnreadableContent(
      'malformed_json',
      `not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** A record of a file: what it says, or why it is no record of its format. */
export type FileRecord = { readonly json: Json } | { readonly content: unknown; readonly why: string };

/** One object a line. A broken line costs that line only; lines with nothing on them do not count. */
export function parseLines(content: string): readonly FileRecord[] {
  const lines = content.split('\n').filter((line) => line.trim() !== '');
  const records = lines.map((line): FileRecord => {
    const json = parseLine(line);
    return isJson(json) ? { json } : { content: line.trim(), why: 'the line is no JSON object' };
  });
  if (records.length > 0 && records.every((record) => !('json' in record))) {
    throw new UnreadableContent('malformed_json', 'no line is a JSON object');
  }
  return records;
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

export function toLines(records: readonly object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}
