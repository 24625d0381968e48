import type { Label, LabelValue, Span } from '../label.ts';
import { DEFAULT_FIELD } from '../label.ts';
import { toCodePoints, toCodeUnits } from './code-points.ts';
import { documentOf, fieldsOf, rawOf } from './document-fields.ts';
import type { Json } from './json-input.ts';
import { jsonOf, listOf, textOf, without } from './json-input.ts';
import type { LabelCollector, ShownLabel } from './label-collector.ts';
import type { LabelFormat } from './label-format.ts';
import { linesFormat } from './line-codec.ts';
import { ASIDE } from './loss.ts';

const TOOL = 'prodigy';
const RAW = `@${TOOL}`;
const ANSWERS = ['accept', 'spans', 'label', 'user_input'];
const OWN = ['text', 'answer', 'options', 'tokens', ASIDE, ...ANSWERS];

function readLine(json: Json, into: LabelCollector): void {
  if (json['answer'] === 'reject') return into.notVote('rejected');
  if (json['answer'] === 'ignore') return into.notVote('ignored');
  const said = answersIn(json);
  if (said.length === 0) return into.notVote('unlabelled');
  const document = documentOf(withoutPrivate(without(json, OWN)));
  const idInMeta = document.docId === null ? documentOf(jsonOf(json['meta'])).docId : null;
  const annotator = textOf(json['_annotator_id']) ?? textOf(json['_session_id']);
  const annotatedAt = timeOf(json['_timestamp']);
  const raw = rawParts(json, idInMeta !== null);
  for (const { field, value } of said) {
    const shown: ShownLabel = {
      docId: document.docId ?? idInMeta,
      text: textOf(json['text']),
      annotator,
      field,
      value,
      confidence: null,
      partConfidences: null,
      annotatedAt,
      origin: { tool: TOOL, id: textOf(json['_task_hash']), version: annotatedAt },
      extra: Object.keys(raw).length === 0 ? document.fields : { ...document.fields, [RAW]: raw },
    };
    into.vote(shown, json[ASIDE]);
  }
}

interface Said {
  readonly field: string;
  readonly value: LabelValue;
}

/** One line may answer several ways: a choice, spans and a text box are three blocks of one task. The first to speak is
 * our default field. */
function answersIn(json: Json): Said[] {
  const choices = listOf(json['accept']).flatMap((id) => textOf(id) ?? []);
  const [only] = choices;
  const label = textOf(json['label']);
  const typed = textOf(json['user_input']);
  const said: [string, LabelValue][] = [];
  if (only !== undefined && choices.some((choice) => choice.trim() !== '')) {
    said.push(['accept', choices.length === 1 ? { kind: 'choice', choice: only } : { kind: 'choices', choices }]);
  }
  if (label !== null && label.trim() !== '') said.push(['label', { kind: 'choice', choice: label }]);
  if (typed !== null && typed.trim() !== '') said.push(['user_input', { kind: 'text', text: typed }]);
  // An empty list beside another answer is a block nobody used; alone it says "no entity".
  const spans = spansIn(json);
  const isAnswer = spans.length > 0 || (said.length === 0 && Array.isArray(json['spans']) && !('accept' in json));
  if (isAnswer) said.push(['spans', { kind: 'spans', spans }]);
  return said.map(([field, value], at) => ({ field: at === 0 ? DEFAULT_FIELD : field, value }));
}

function spansIn(json: Json): Span[] {
  const spans = listOf(json['spans'])
    .map(jsonOf)
    .flatMap(({ start, end, label }): Span[] => {
      return typeof start === 'number' && typeof end === 'number' ? [{ start, end, label: textOf(label) }] : [];
    });
  return toCodeUnits(spans, textOf(json['text']));
}

function withoutPrivate(json: Json): Json {
  return Object.fromEntries(Object.entries(json).filter(([name]) => !name.startsWith('_')));
}

/** Options, tokens and hashes, whole spans (they carry token numbers): all that the writer could not make up. */
function rawParts(json: Json, isIdInMeta: boolean): Json {
  const implied = ['_annotator_id', '_timestamp'];
  const names = Object.keys(json).filter((name) => name.startsWith('_') && !implied.includes(name));
  const more = ['options', 'tokens'].filter((name) => name in json);
  const spans = listOf(json['spans']).map(jsonOf);
  const hasMore = spans.some((span) => Object.keys(span).some((name) => !['start', 'end', 'label'].includes(name)));
  const task = Object.fromEntries([...names, ...more, ...(hasMore ? ['spans'] : [])].map((name) => [name, json[name]]));
  return {
    ...(Object.keys(task).length === 0 ? {} : { task }),
    ...(isIdInMeta ? { isIdInMeta } : {}),
    ...('label' in json && !('accept' in json) ? { isBinary: true } : {}),
  };
}

/** Prodigy counts seconds. */
function timeOf(seconds: unknown): string | null {
  const time = typeof seconds === 'number' ? new Date(seconds * 1000) : null;
  return time === null || Number.isNaN(time.getTime()) ? null : time.toISOString().replace('.000Z', 'Z');
}

function secondsOf(annotatedAt: string | null): number | null {
  const time = annotatedAt === null ? Number.NaN : Date.parse(annotatedAt);
  return Number.isNaN(time) ? null : time / 1000;
}

function encodeLabel(label: Label): Json {
  const raw = rawOf(label, TOOL);
  const task = jsonOf(raw['task']);
  const seconds = secondsOf(label.annotatedAt);
  const isOfSession = '_session_id' in task && textOf(task['_session_id']) === label.annotator;
  const fields = fieldsOf(label, [...OWN, 'doc_id']);
  return {
    ...withoutPrivate(fields),
    ...without(task, ['spans']),
    ...(label.docId === null || raw['isIdInMeta'] === true ? {} : { doc_id: label.docId }),
    ...(label.text === null ? {} : { text: label.text }),
    ...answerOf(label, raw),
    answer: 'accept',
    ...(label.annotator === null || isOfSession ? {} : { _annotator_id: label.annotator }),
    ...(seconds === null ? {} : { _timestamp: seconds }),
  };
}

function answerOf(label: Label, raw: Json): Json {
  const { value, text } = label;
  switch (value.kind) {
    case 'choice':
      return raw['isBinary'] === true ? { label: value.choice } : { accept: [value.choice] };
    case 'choices':
      return { accept: value.choices };
    case 'rating':
      return { accept: [value.rating] };
    case 'text':
      return { user_input: value.text };
    case 'spans':
      return { spans: spansOf(value.spans, text, jsonOf(raw['task'])) };
  }
}

function spansOf(spans: readonly Span[], text: string | null, task: Json): readonly Json[] {
  const points = toCodePoints(spans, text);
  const known = listOf(task['spans']).map(jsonOf);
  return points.map(({ start, end, label }) => {
    const whole = known.find(
      (each) => each['start'] === start && each['end'] === end && textOf(each['label']) === label,
    );
    return whole ?? { start, end, ...(label === null ? {} : { label }) };
  });
}

export const prodigy: LabelFormat = linesFormat({
  name: 'prodigy',
  summary: 'Prodigy JSONL: choice, textcat, spans, text input',
  reasons: {
    docId: 'belongs to the task meta',
    field: 'a line of Prodigy is one task; fields are its blocks',
    value: 'Prodigy has options, spans and text only',
    confidence: 'Prodigy keeps no confidence of a person',
    partConfidences: 'Prodigy keeps no confidence of a person',
    annotatedAt: 'Prodigy keeps seconds since 1970',
    extra: 'the name is taken in Prodigy, or belongs to another tool',
  },
  reader: (_records, _settings, into) => (json) => readLine(json, into),
  encode: encodeLabel,
});
