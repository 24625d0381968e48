import type { Label, LabelValue, Span } from '../label.ts';
import { DEFAULT_FIELD } from '../label.ts';
import { toCodePoints, toCodeUnits } from './code-points.ts';
import { documentOf, fieldsOf, rawOf } from './document-fields.ts';
import type { Json } from './json-input.ts';
import { jsonOf, listOf, textOf, without } from './json-input.ts';
import type { LabelCollector, ShownLabel } from './label-collector.ts';
import type { LabelFormat, ReadSettings } from './label-format.ts';
import { linesFormat } from './line-codec.ts';
import { ASIDE } from './loss.ts';

const TOOL = 'doccano';
const RAW = `@${TOOL}`;
/** Names of the answer in the versions of doccano. */
const ANSWERS = ['label', 'labels', 'annotations'];
const OWN = ['id', 'text', 'entities', 'relations', 'Comments', 'comments', ASIDE, ...ANSWERS];

function readLine(json: Json, { annotator }: ReadSettings, into: LabelCollector): void {
  const text = textOf(json['text']);
  const document = documentOf(without(json, OWN));
  const answerName = ANSWERS.find((name) => Object.hasOwn(json, name));
  const own = Object.fromEntries(['id', 'relations', 'Comments', 'comments'].flatMap((name) => entryOf(json, name)));
  const raw = { ...own, ...(answerName === undefined || answerName === 'label' ? {} : { answer: answerName }) };
  const answers: [string, LabelValue | null][] = [
    [DEFAULT_FIELD, valueOf(json[answerName ?? ''], text)],
    ['entities', entitiesValue(listOf(json['entities']), text)],
  ];
  const said = answers.flatMap(([field, value]) => (value === null ? [] : [{ field, value }]));
  if (said.length === 0) into.notVote('unlabelled');
  for (const { field, value } of said) {
    const shown: ShownLabel = {
      docId: document.docId,
      text,
      annotator: annotator ?? null,
      field,
      value,
      confidence: null,
      partConfidences: null,
      annotatedAt: null,
      origin: { tool: TOOL, id: textOf(json['id']), version: null },
      extra: Object.keys(raw).length === 0 ? document.fields : { ...document.fields, [RAW]: raw },
    };
    into.vote(shown, json[ASIDE]);
  }
}

function entryOf(json: Json, name: string): [string, unknown][] {
  return Object.hasOwn(json, name) ? [[name, json[name]]] : [];
}

/** `["billing"]`, `[[0, 5, "ORG"]]` or, in old versions, a bare name. */
function valueOf(answer: unknown, text: string | null): LabelValue | null {
  if (typeof answer === 'string') return answer === '' ? null : { kind: 'choice', choice: answer };
  const items = listOf(answer);
  if (items.length === 0) return null;
  const spans = items.flatMap((item): Span[] => {
    const [start, end, label] = listOf(item);
    return typeof start === 'number' && typeof end === 'number' ? [{ start, end, label: textOf(label) }] : [];
  });
  if (spans.length === items.length) return { kind: 'spans', spans: toCodeUnits(spans, text) };
  const choices = items.flatMap((item) => textOf(item) ?? []);
  const [only] = choices;
  if (only === undefined || choices.every((choice) => choice.trim() === '')) return null;
  return choices.length === 1 ? { kind: 'choice', choice: only } : { kind: 'choices', choices };
}

/** The variant with relations. */
function entitiesValue(entities: readonly unknown[], text: string | null): LabelValue | null {
  const spans = entities.map(jsonOf).flatMap(({ start_offset: start, end_offset: end, label }): Span[] => {
    return typeof start === 'number' && typeof end === 'number' ? [{ start, end, label: textOf(label) }] : [];
  });
  return spans.length === 0 ? null : { kind: 'spans', spans: toCodeUnits(spans, text) };
}

/** Undefined for an empty set of spans: doccano's `[]` means "not labelled". */
function encodeLabel(label: Label): Json | undefined {
  const { answer, ...own } = rawOf(label, TOOL);
  const said = answerOf(label);
  if (said.length === 0) return undefined;
  const hasEntities = label.field === 'entities' && label.value.kind === 'spans';
  const name = hasEntities ? 'entities' : (textOf(answer) ?? 'label');
  return {
    ...fieldsOf(label, [...OWN, 'doc_id']),
    ...own,
    ...(label.docId === null ? {} : { doc_id: label.docId }),
    ...(label.text === null ? {} : { text: label.text }),
    [name]: hasEntities ? said.map(entityOf) : said,
  };
}

function answerOf({ value, text }: Label): readonly unknown[] {
  switch (value.kind) {
    case 'choice':
      return [value.choice];
    case 'choices':
      return value.choices;
    case 'rating':
      return [String(value.rating)];
    case 'text':
      return [value.text];
    case 'spans':
      return toCodePoints(value.spans, text).map(({ start, end, label }) => [start, end, label]);
  }
}

function entityOf(span: unknown, at: number): Json {
  const [start, end, label] = listOf(span);
  return { id: at + 1, label, start_offset: start, end_offset: end };
}

export const doccano: LabelFormat = linesFormat({
  name: 'doccano',
  summary: 'doccano JSONL: classification, spans, entities',
  reasons: {
    label: 'an empty list means "not labelled" in doccano',
    annotator: 'doccano exports one file per person and names nobody inside',
    field: 'a doccano project asks one question',
    value: 'doccano has names and spans only',
    confidence: 'doccano keeps no confidence',
    partConfidences: 'doccano keeps no confidence',
    annotatedAt: 'doccano does not say when',
    extra: 'the name is taken in doccano, or belongs to another tool',
  },
  reader: (_records, settings, into) => (json) => readLine(json, settings, into),
  encode: encodeLabel,
});
