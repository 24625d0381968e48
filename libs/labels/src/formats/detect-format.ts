import { columnOf } from '../columns.ts';
import { isJson, jsonOf, listOf } from './json-input.ts';
import type { Json } from './json-input.ts';

const SAMPLE_LINES = 50;

/** The name of the only format that the content can be, or null where more than one or none fits. */
export function detectFormat(content: string, path = ''): string | null {
  const start = content.trimStart();
  if (start === '') return null;
  if (start.startsWith('-DOCSTART-') || path.endsWith('.conll')) return 'azure-ml-conll';
  if (!start.startsWith('[') && !start.startsWith('{')) return formatOfHeader(start.split(/\r?\n|\r/, 1)[0] ?? '');
  const whole = tryJson(content);
  if (Array.isArray(whole)) return agreed(whole.slice(0, SAMPLE_LINES).map((item) => formatOfItem(jsonOf(item))));
  const format = isJson(whole) ? formatOfDocument(whole) : null;
  return format ?? agreed(linesOf(content).map((line) => formatOfLine(jsonOf(tryJson(line)))));
}

function linesOf(content: string): string[] {
  return content
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, SAMPLE_LINES);
}

function agreed(formats: readonly (string | null)[]): string | null {
  const [first] = formats;
  return first !== undefined && formats.every((format) => format === first) ? first : null;
}

function formatOfItem(json: Json): string | null {
  const isTask = isJson(json['data']) && Array.isArray(json['annotations']);
  if (isTask || (Array.isArray(json['result']) && isJson(json['task']))) return 'label-studio';
  if ('annotation_id' in json && 'annotator' in json && 'lead_time' in json) return 'label-studio-min';
  return isJson(json['fields']) && 'responses' in json ? 'argilla' : null;
}

function formatOfDocument(json: Json): string | null {
  if (Array.isArray(json['tasks'])) return agreed(listOf(json['tasks']).map((task) => formatOfItem(jsonOf(task))));
  if (Array.isArray(json['items'])) {
    return agreed(listOf(json['items']).map((item) => formatOfItem(jsonOf(jsonOf(item)['record'] ?? item))));
  }
  return formatOfItem(json);
}

function formatOfLine(json: Json): string | null {
  const names = Object.keys(json);
  if ('image_url' in json && 'label' in json) return 'azure-ml';
  const hasJob = names.some((name) => isJson(json[`${name}-metadata`]));
  if (hasJob && ('source' in json || 'source-ref' in json)) return 'ground-truth';
  if ('_task_hash' in json || ['accept', 'reject', 'ignore'].includes(String(json['answer']))) return 'prodigy';
  const isPlain = names.some((name) => ['annotator_id', 'confidence_score'].includes(columnOf(name) ?? ''));
  if (isPlain) return names.some((name) => columnOf(name) === 'label') ? 'jsonl' : null;
  const hasAnswer = Array.isArray(json['label']) || Array.isArray(json['entities']);
  return 'text' in json && hasAnswer ? 'doccano' : null;
}

function formatOfHeader(line: string): string | null {
  const isTabbed = line.includes('\t');
  const names = line.split(/[,;\t]/).map((name) => name.replace(/^\uFEFF?"?|"?$/g, '').trim());
  const folded = names.map((name) => name.toLowerCase());
  const has = (...needed: string[]) => needed.every((name) => folded.includes(name));
  if (has('annotation_id', 'annotator', 'lead_time')) return isTabbed ? 'label-studio-tsv' : 'label-studio-csv';
  if (has('task', 'worker', 'label')) return 'crowd-kit';
  const known = new Set(names.map((name) => columnOf(name)));
  if (!known.has('label')) return null;
  if (has('url') || has('image_url')) return 'azure-ml-csv';
  return known.has('annotator_id') || known.has('confidence_score') ? 'csv' : null;
}

function tryJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
