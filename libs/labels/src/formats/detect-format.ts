import { columnOf } from '../columns.ts';
import { jsonValueEnd, skipJsonSpace } from '../files/json-scanner.ts';
import { isJson, jsonOf, listOf } from './json-input.ts';
import type { Json } from './json-input.ts';

const SAMPLE_RECORDS = 50;

/** The name of the only format that the content can be, or null where more than one or none fits. Of a large file the
 * beginning is enough (`isWhole` is false then); undefined where that ends before the first record does. */
export function detectFormat(content: string, path = '', isWhole = true): string | null | undefined {
  const start = content.trimStart();
  if (start === '') return isWhole ? null : undefined;
  if (start.startsWith('-DOCSTART-') || path.endsWith('.conll')) return 'azure-ml-conll';
  if (!start.startsWith('[') && !start.startsWith('{')) return formatOfHeader(start.split(/\r?\n|\r/, 1)[0] ?? '');
  const scan = new JsonHead(Buffer.from(start), isWhole);
  return start.startsWith('[') ? scan.formatOfArray(1) : scan.formatOfObject(start);
}

/** Looks at the whole values in the beginning of a JSON file, and builds none that is not whole. */
class JsonHead {
  readonly #bytes: Uint8Array;
  readonly #isWhole: boolean;

  constructor(bytes: Uint8Array, isWhole: boolean) {
    this.#bytes = bytes;
    this.#isWhole = isWhole;
  }

  /** `at` is behind the bracket. */
  formatOfArray(at: number): string | null | undefined {
    const formats: (string | null)[] = [];
    let next = this.#skip(at);
    while (formats.length < SAMPLE_RECORDS && this.#bytes[next] !== CLOSE_BRACKET) {
      const end = this.#endOf(next);
      if (end < 0) break;
      formats.push(formatOfElement(jsonOf(this.#value(next, end))));
      next = this.#skip(end);
      if (this.#bytes[next] === COMMA) next = this.#skip(next + 1);
    }
    const isEmpty = formats.length === 0 && this.#bytes[next] === CLOSE_BRACKET;
    if (isEmpty) return null;
    return formats.length === 0 && !this.#isWhole ? undefined : agreed(formats);
  }

  /** One object, or the first of many lines. */
  formatOfObject(start: string): string | null | undefined {
    const end = this.#endOf(0);
    if (end < 0) return this.#formatOfMembers();
    const isAlone = this.#skip(end) === this.#bytes.length;
    if (isAlone && !this.#isWhole) return undefined;
    const first = jsonOf(this.#value(0, end));
    const format = isAlone ? formatOfDocument(first) : null;
    return format ?? agreed(linesOf(start, this.#isWhole).map((line) => formatOfLine(jsonOf(tryJson(line)))));
  }

  /** An object that is not whole: a page of records is known by the first of them. */
  #formatOfMembers(): string | null | undefined {
    let at = this.#skip(1);
    for (;;) {
      const nameEnd = this.#endOf(at);
      if (nameEnd < 0) break;
      const name = this.#value(at, nameEnd);
      const value = this.#skip(this.#skip(nameEnd) + 1);
      if (this.#bytes[value] === OPEN_BRACKET && (name === 'tasks' || name === 'items')) {
        return this.formatOfArray(value + 1);
      }
      const end = this.#endOf(value);
      if (end < 0) break;
      at = this.#skip(this.#skip(end) + 1);
    }
    return this.#isWhole ? null : undefined;
  }

  #skip(at: number): number {
    return skipJsonSpace(this.#bytes, at, this.#bytes.length);
  }

  #endOf(at: number): number {
    return at < this.#bytes.length ? jsonValueEnd(this.#bytes, at, this.#bytes.length) : -1;
  }

  #value(start: number, end: number): unknown {
    return tryJson(Buffer.from(this.#bytes.subarray(start, end)).toString('utf8'));
  }
}

const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;

/** Lines with something on them; the last of a head may be cut off. */
function linesOf(text: string, isWhole: boolean): string[] {
  const lines = text.split('\n');
  return (isWhole ? lines : lines.slice(0, -1)).filter((line) => line.trim() !== '').slice(0, SAMPLE_RECORDS);
}

function agreed(formats: readonly (string | null)[]): string | null {
  const [first] = formats;
  return first !== undefined && formats.every((format) => format === first) ? first : null;
}

function formatOfItem(json: Json): string | null {
  const isTask = isJson(json['data']) && Array.isArray(json['annotations']);
  if (isTask || (Array.isArray(json['result']) && isJson(json['task']))) return 'label-studio';
  if ('annotation_id' in json && 'annotator' in json && 'lead_time' in json) return 'label-studio-min';
  if (isJson(json['fields']) && 'responses' in json) return 'argilla';
  return isJson(json['record']) ? formatOfItem(json['record']) : null;
}

/** Of an array, which may be one of our own rows. */
function formatOfElement(json: Json): string | null {
  return formatOfItem(json) ?? (isOurs(Object.keys(json)) ? 'jsonl' : null);
}

function formatOfDocument(json: Json): string | null {
  const page = json['tasks'] ?? json['items'] ?? json['annotations'];
  if (isJson(json['data']) || !Array.isArray(page)) return formatOfItem(json);
  return agreed(listOf(page).map((item) => formatOfElement(jsonOf(item))));
}

function formatOfLine(json: Json): string | null {
  const names = Object.keys(json);
  const ours = isOurs(names) ? 'jsonl' : null;
  if (isOfAzure(names)) return 'azure-ml';
  const hasJob = names.some((name) => isJson(json[`${name}-metadata`]));
  if (hasJob && ('source' in json || 'source-ref' in json)) return 'ground-truth';
  if (isOfProdigy(json, names, ours !== null)) return 'prodigy';
  const hasAnswer = Array.isArray(json['label']) || Array.isArray(json['entities']);
  return ours ?? ('text' in json && hasAnswer ? 'doccano' : null);
}

/** Its hashes are its own. `_annotator_id` is a name of our column too, but Prodigy knows no confidence of a person. */
function isOfProdigy(json: Json, names: readonly string[], isLabelFile: boolean): boolean {
  if ('_task_hash' in json || '_input_hash' in json) return true;
  const isSession = '_session_id' in json || '_annotator_id' in json;
  if (isSession) return !names.some((name) => columnOf(name) === 'confidence_score');
  return !isLabelFile && ['accept', 'reject', 'ignore'].includes(String(json['answer']));
}

function formatOfHeader(line: string): string | null {
  const isTabbed = line.includes('\t');
  const names = line.split(/[,;\t]/).map((name) => name.replace(/^\uFEFF?"?|"?$/g, '').trim());
  const folded = names.map((name) => name.toLowerCase());
  const has = (...needed: string[]) => needed.every((name) => folded.includes(name));
  if (has('annotation_id', 'annotator', 'lead_time')) return isTabbed ? 'label-studio-tsv' : 'label-studio-csv';
  if (isOfAzure(names)) return 'azure-ml-csv';
  if (has('task', 'worker', 'label') && !names.some(isDocument)) return 'crowd-kit';
  return isOurs(names) ? 'csv' : null;
}

// A file of ours may have any columns besides its own, those of a tool among them. So a tool is taken only for what our
// own reader could not read, or for names that nobody else writes.

/** A label, a document, and something about the vote. */
function isOurs(names: readonly string[]): boolean {
  const columns = new Set(names.map((name) => columnOf(name)));
  const isVote = (['annotator_id', 'confidence_score', 'field', 'annotated_at'] as const).some((name) =>
    columns.has(name),
  );
  return columns.has('label') && isVote;
}

function isDocument(name: string): boolean {
  const column = columnOf(name);
  return column === 'text' || column === 'doc_id';
}

/** Azure ML names an item by its address. It knows no annotator; a text may stand beside. */
function isOfAzure(names: readonly string[]): boolean {
  const folded = names.map((name) => name.toLowerCase().replace(/[\s_]+/g, ''));
  const columns = new Set(names.map((name) => columnOf(name)));
  const isItem = columns.has('label') && (folded.includes('url') || folded.includes('imageurl'));
  const isOther = (['doc_id', 'annotator_id', 'field', 'annotated_at'] as const).some((name) => columns.has(name));
  return isItem && !isOther && (folded.includes('labelconfidence') || !names.some(isDocument));
}

function tryJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
