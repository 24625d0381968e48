import type { LabelValue, Span } from './label.ts';
import { MAX_DEPTH, isDeeperThan } from './limits.ts';

/** What a cell of the label column means (docs/label-rules.md#8-labels): trimmed text, or a set where it holds a JSON
 * list. Label Studio's CSV writes several choices as `["a","b"]` or as `{"choices":["a","b"]}`. */
export function parseLabelCell(cell: string): LabelValue {
  const text = cell.trim();
  const json = text.startsWith('[') || text.startsWith('{') ? parseJson(text) : undefined;
  if (Array.isArray(json)) return listValue(json);
  if (isChoicesObject(json)) return listValue(json.choices);
  return { kind: 'choice', choice: text };
}

function listValue(list: readonly unknown[]): LabelValue {
  if (list.length > 0 && list.every(isSpan)) {
    return { kind: 'spans', spans: list.map(({ start, end, label }) => ({ start, end, label: label ?? null })) };
  }
  const choices = list.filter((item) => item !== null);
  return { kind: 'choices', choices: choices.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))) };
}

function isSpan(item: unknown): item is Span {
  if (typeof item !== 'object' || item === null || !('start' in item) || !('end' in item)) return false;
  const label = 'label' in item ? item.label : null;
  const isNumbered = Number.isInteger(item.start) && Number.isInteger(item.end);
  return isNumbered && (label === null || label === undefined || typeof label === 'string');
}

function isChoicesObject(json: unknown): json is { choices: readonly unknown[] } {
  return typeof json === 'object' && json !== null && 'choices' in json && Array.isArray(json.choices);
}

/** Undefined where the text only looks like JSON: `[urgent] billing` is a choice like any other, and so are brackets
 * without end. */
function parseJson(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return isDeeperThan(MAX_DEPTH, json) ? undefined : json;
  } catch {
    return undefined;
  }
}
