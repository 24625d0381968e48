import { UnreadableContent } from './unreadable-content.ts';
import type { Loss } from './loss.ts';

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

/** The number in [0, 1], or null. */
export function shareOf(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 && value <= 1 ? value : null;
}

export function without(json: Json, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(json).filter(([name]) => !names.includes(name)));
}

export function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new UnreadableContent(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export interface Lines {
  readonly rows: readonly { readonly row: number; readonly json: Json }[];
  readonly losses: readonly Loss[];
}

/** One object a line. A broken line costs that line only; rows count lines with something on them. */
export function parseLines(content: string, path: string): Lines {
  const rows: { row: number; json: Json }[] = [];
  const losses: Loss[] = [];
  const lines = content.split('\n').filter((line) => line.trim() !== '');
  for (const [at, line] of lines.entries()) {
    const json = parseLine(line);
    if (isJson(json)) rows.push({ row: at + 1, json });
    else losses.push({ what: 'label', where: `${path}#${at + 1}`, why: 'the line is no JSON object', isKept: false });
  }
  if (rows.length === 0 && losses.length > 0) throw new UnreadableContent('no line is a JSON object');
  return { rows, losses };
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
