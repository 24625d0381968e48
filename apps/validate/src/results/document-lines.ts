import { formatDisagreementLine } from '@assay/labels/disagreement-line';
import type { Decision, FieldDecision } from '@assay/labels/decide';
import { escapeJsonBytes } from '../bytes/json-escape.ts';
import type { FileWriter } from '../bytes/file-writer.ts';
import type { RowCollector } from '../rows/row-collector.ts';
import type { RowNames } from '../rows/row-names.ts';
import { NO_TEXT } from '../rows/row-table.ts';
import type { TextReader } from '../rows/text-store.ts';

/** A document that is about to be written: its rows that count, in row order, and the text it is shown with. */
export interface DocumentRows {
  readonly document: number;
  readonly rows: Int32Array;
  readonly text: number;
}

export interface GoldLabel {
  /** `"label":…`, or `"labels":{…}` where the document has several fields. */
  readonly member: string;
  readonly confidence: number;
  readonly annotators: readonly string[];
}

/** Writes the lines of the result files. Texts and doc_ids go from buffer to buffer; only names and numbers are strings. */
export class DocumentLines {
  readonly #collector: RowCollector;
  readonly #names: RowNames;
  readonly #texts: TextReader;

  constructor(collector: RowCollector, names: RowNames, texts: TextReader) {
    this.#collector = collector;
    this.#names = names;
    this.#texts = texts;
  }

  /** The line of the gold output, so that whoever reads releases can read this file. It has no time in it: the same
   * input gives the same bytes. */
  gold(to: FileWriter, { document, text }: DocumentRows, { member, confidence, annotators }: GoldLabel): void {
    to.text('{"v":1,"op":"add","doc_id":"');
    this.#documentId(to, document);
    to.text('","version":1,"text":');
    this.#text(to, text);
    to.text(`,${member},"confidence_score":${confidence},"annotators":${JSON.stringify(annotators)}}\n`);
  }

  /** A document that is not gold, with its votes. `labels` are those of its fields that decided. */
  votes(to: FileWriter, { document, rows, text }: DocumentRows, labels: readonly string[], hasFields: boolean): void {
    to.text('{"doc_id":"');
    this.#documentId(to, document);
    to.text('","text":');
    this.#text(to, text);
    to.text(`,"labels":[${labels.join(',')}],"votes":[`);
    for (const [at, row] of rows.entries()) to.text(`${at === 0 ? '' : ','}${this.#vote(row, hasFields)}`);
    to.text(']}\n');
  }

  log(to: FileWriter, { document, text }: DocumentRows, labels: readonly string[]): void {
    const shown = text === NO_TEXT ? this.#collector.documents.textOf(document) : this.#texts.text(text);
    to.text(`${formatDisagreementLine({ text: shown, labels })}\n`);
  }

  /** One clean row, as the original writes them. */
  originalRow(to: FileWriter, row: number): void {
    const names = this.#names;
    to.text('{"text":');
    this.#text(to, this.#collector.table.text[row] ?? NO_TEXT);
    to.text(`,"annotator_id":${names.annotatorJson(row)},"label":${names.labelJson(row)},`);
    to.text(`"confidence_score":${names.confidence(row)}}\n`);
  }

  #vote(row: number, hasFields: boolean): string {
    const names = this.#names;
    const field = hasFields ? `"field":${JSON.stringify(names.field(row))},` : '';
    const who = `{${field}"annotator_id":${names.annotatorJson(row)},"label":${names.labelJson(row)}`;
    return `${who},"confidence_score":${names.confidence(row)},"row":${JSON.stringify(names.rowName(row))}}`;
  }

  #documentId(to: FileWriter, document: number): void {
    const id = this.#collector.documents.bytesOf(document);
    to.reserve(id.length * 6);
    const { buffer, at } = to.room;
    to.advance(escapeJsonBytes(id, 0, id.length, buffer, at));
  }

  #text(to: FileWriter, text: number): void {
    if (text === NO_TEXT) {
      to.text('null');
      return;
    }
    const json = this.#texts.json(text);
    to.text('"');
    to.bytes(json, 0, json.length);
    to.text('"');
  }
}

/** The gold line's label of a decision with any number of fields. */
export function goldLabelOf({ fields }: Decision): GoldLabel {
  const entries = Object.entries(fields);
  const confidences = entries.flatMap(([, { confidence }]) => (confidence === null ? [] : [confidence]));
  const annotators = new Set(entries.flatMap(([, field]) => field.annotators));
  return { member: labelMember(entries), confidence: Math.min(...confidences), annotators: [...annotators].toSorted() };
}

function labelMember(fields: readonly (readonly [string, FieldDecision])[]): string {
  const [only, second] = fields;
  if (only !== undefined && second === undefined) return `"label":${JSON.stringify(only[1].label)}`;
  return `"labels":${JSON.stringify(Object.fromEntries(fields.map(([name, { label }]) => [name, label])))}`;
}

export interface ShownLabels {
  readonly json: readonly string[];
  readonly text: readonly string[];
}

/** The labels of the fields that gave a document its verdict. */
export function decidingLabels({ verdict, fields }: Decision): ShownLabels {
  const labels = Object.values(fields)
    .filter((field) => field.verdict === verdict)
    .flatMap((field) => field.labels);
  const distinct = new Map(labels.map((label) => [JSON.stringify(label), label]));
  const text = [...distinct.values()].map((label) => (typeof label === 'string' ? label : JSON.stringify(label)));
  return { json: [...distinct.keys()], text };
}
