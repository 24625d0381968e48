import { isDeepStrictEqual } from 'node:util';
import { confidenceOf } from '../confidence.ts';
import type { Label, LabelValue, Span } from '../label.ts';
import { DEFAULT_FIELD } from '../label.ts';
import { documentOf, fieldsOf, rawOf } from './document-fields.ts';
import type { Json } from './json-input.ts';
import { isJson, jsonOf, listOf, textOf, without } from './json-input.ts';
import { partsOf } from './label-collector.ts';
import type { LabelCollector, ShownLabel } from './label-collector.ts';
import type { LabelFormat } from './label-format.ts';
import { linesFormat } from './line-codec.ts';
import { ASIDE } from './loss.ts';

// SageMaker Ground Truth's augmented manifest: the input line with `<name>` and `<name>-metadata` added for each job.

const TOOL = 'ground-truth';
const RAW = `@${TOOL}`;
const METADATA = '-metadata';
const JOB = 'labeling-job/assay';

function readLine(json: Json, into: LabelCollector): void {
  const jobs = Object.keys(json).filter((name) => isJson(json[`${name}${METADATA}`]));
  if (jobs.length === 0) return into.notVote('unlabelled');
  const own = ['source', ASIDE, ...jobs.flatMap((name) => [name, `${name}${METADATA}`])];
  const document = documentOf(without(json, own));
  for (const field of jobs) {
    const metadata = jsonOf(json[`${field}${METADATA}`]);
    if (metadata['failure-reason'] !== undefined) into.notVote('failed');
    else if (metadata['human-annotated'] === 'no') into.notVote('machine');
    else {
      const answer = answerOf(json[field], metadata);
      if (answer === null) {
        const why = `a job of type ${String(metadata['type'])} gives no label of ours`;
        into.reject('missing_label', { [field]: json[field], [`${field}${METADATA}`]: metadata }, why);
        continue;
      }
      const created = textOf(metadata['creation-date']);
      const label: ShownLabel = {
        docId: document.docId,
        text: textOf(json['source']) ?? document.text,
        annotator: null,
        field,
        ...answer,
        annotatedAt: created,
        origin: { tool: TOOL, id: textOf(metadata['job-name']), version: created },
        extra: document.fields,
      };
      into.vote(withRaw(label, { value: json[field], metadata }), json[ASIDE]);
    }
  }
}

type Answer = Pick<ShownLabel, 'value' | 'confidence' | 'partConfidences'>;

function answerOf(value: unknown, metadata: Json): Answer | null {
  const whole = { confidence: metadata['confidence'], partConfidences: null };
  const name = textOf(metadata['class-name']);
  if (name !== null) return { value: { kind: 'choice', choice: name }, ...whole };
  if (Array.isArray(value)) return choicesAnswer(value, metadata);
  if (isJson(value) && isJson(value['annotations'])) return spansAnswer(value['annotations'], metadata);
  if (typeof value === 'number') return { value: { kind: 'rating', rating: value }, ...whole };
  return typeof value === 'string' ? { value: { kind: 'text', text: value }, ...whole } : null;
}

function choicesAnswer(ids: readonly unknown[], metadata: Json): Answer | null {
  const names = jsonOf(metadata['class-map']);
  const choices = ids.flatMap((id) => textOf(names[String(id)]) ?? []);
  if (choices.length === 0 || choices.length < ids.length) return null;
  const sure = jsonOf(metadata['confidence-map']);
  return { value: { kind: 'choices', choices }, ...partsOf(ids.map((id) => sure[String(id)])) };
}

function spansAnswer(annotations: Json, metadata: Json): Answer | null {
  const entities = listOf(annotations['entities']).map(jsonOf);
  const spans = entities.flatMap(({ startOffset, endOffset, label }): Span[] => {
    const isPlaced = typeof startOffset === 'number' && typeof endOffset === 'number';
    return isPlaced ? [{ start: startOffset, end: endOffset, label: textOf(label) }] : [];
  });
  if (spans.length < entities.length) return null;
  const sure = listOf(metadata['entities']).map((entity) => jsonOf(entity)['confidence']);
  return { value: { kind: 'spans', spans }, ...(sure.length === spans.length ? partsOf(sure) : partsOf([])) };
}

type Judged = Pick<Label, 'value' | 'confidence' | 'partConfidences' | 'annotatedAt'>;

interface Job {
  readonly value: unknown;
  readonly metadata: Json;
}

/** What the service said is kept only where the writer would say something else (class numbers, job names). */
function withRaw(label: ShownLabel, job: Job): ShownLabel {
  const confidence = confidenceOf(label.confidence);
  const read = { ...label, confidence: typeof confidence === 'string' ? null : confidence };
  const isOurs = job.metadata['job-name'] === JOB || isDeepStrictEqual(job, jobOf(read, [read]));
  return isOurs ? label : { ...label, extra: { ...label.extra, [RAW]: job } };
}

function encodeLabel(label: Label, labels: readonly Label[]): Json {
  const isUsable = label.field !== 'source' && label.field !== ASIDE && !label.field.endsWith(METADATA);
  const field = isUsable ? label.field : DEFAULT_FIELD;
  const raw = rawOf(label, TOOL);
  const rawJob = { value: raw['value'], metadata: jsonOf(raw['metadata']) };
  const isSaidAlready = isDeepStrictEqual(answerOf(rawJob.value, rawJob.metadata)?.value, label.value);
  const { value, metadata } = isSaidAlready ? rawJob : jobOf(label, labels);
  const fields = fieldsOf(label, ['source', 'doc_id', field, ASIDE]);
  const plain = Object.entries(fields).filter(([name]) => !name.endsWith(METADATA));
  return {
    ...Object.fromEntries(plain),
    ...(label.docId === null ? {} : { doc_id: label.docId }),
    ...(label.text === null ? {} : { source: label.text }),
    [field]: value,
    [`${field}${METADATA}`]: metadata,
  };
}

/** Class numbers count the names of all labels in order. */
function jobOf(label: Judged, labels: readonly Pick<Label, 'value'>[]): Job {
  const { value, confidence, partConfidences, annotatedAt } = label;
  const metadata = (type: string, more: Json): Json => ({
    ...more,
    'human-annotated': 'yes',
    ...(annotatedAt === null ? {} : { 'creation-date': annotatedAt }),
    type: `groundtruth/${type}`,
    'job-name': JOB,
  });
  const sure = confidence === null ? {} : { confidence };
  switch (value.kind) {
    case 'choice': {
      const id = classNames(labels).indexOf(value.choice);
      return { value: id, metadata: metadata('text-classification', { 'class-name': value.choice, ...sure }) };
    }
    case 'choices':
      return choicesJob(value.choices, classNames(labels), partConfidences, metadata);
    case 'spans':
      return spansJob(value.spans, partConfidences, metadata);
    case 'rating':
      return { value: value.rating, metadata: metadata('custom', sure) };
    case 'text':
      return { value: value.text, metadata: metadata('custom', sure) };
  }
}

type Metadata = (type: string, more: Json) => Json;

function choicesJob(
  choices: readonly string[],
  names: readonly string[],
  sure: readonly number[] | null,
  metadata: Metadata,
): Job {
  const ids = choices.map((choice) => names.indexOf(choice));
  const map = {
    'class-map': Object.fromEntries(choices.map((choice, at) => [String(ids[at]), choice])),
    ...(sure === null ? {} : { 'confidence-map': Object.fromEntries(ids.map((id, at) => [String(id), sure[at]])) }),
  };
  return { value: ids, metadata: metadata('text-classification-multilabel', map) };
}

function spansJob(spans: readonly Span[], sure: readonly number[] | null, metadata: Metadata): Job {
  const entities = spans.map(({ start, end, label }) => {
    return { startOffset: start, endOffset: end, ...(label === null ? {} : { label }) };
  });
  const names = [...new Set(spans.flatMap(({ label }) => label ?? []))].toSorted();
  const more = sure === null ? {} : { entities: sure.map((confidence) => ({ confidence })) };
  return {
    value: { annotations: { entities, labels: names.map((label) => ({ label })) } },
    metadata: metadata('text-span', more),
  };
}

const namesByLabels = new WeakMap<readonly Pick<Label, 'value'>[], string[]>();

function classNames(labels: readonly Pick<Label, 'value'>[]): string[] {
  const known = namesByLabels.get(labels) ?? [...new Set(labels.flatMap(({ value }) => namesIn(value)))].toSorted();
  namesByLabels.set(labels, known);
  return known;
}

function namesIn(value: LabelValue): readonly string[] {
  if (value.kind === 'choice') return [value.choice];
  return value.kind === 'choices' ? value.choices : [];
}

export const groundTruthManifest: LabelFormat = linesFormat({
  name: 'ground-truth',
  summary: 'SageMaker Ground Truth augmented manifest',
  reasons: {
    annotator: 'Ground Truth consolidates: it does not say who labelled',
    field: 'the name is taken in a manifest',
    confidence: 'the confidence of several labels is that of its parts',
    partConfidences: 'one confidence per part of the answer',
    extra: 'the name is taken in a manifest, or belongs to another tool',
  },
  reader: (_records, _settings, into) => (json) => readLine(json, into),
  encode: encodeLabel,
});
