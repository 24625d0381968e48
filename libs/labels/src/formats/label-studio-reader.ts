import { isDeepStrictEqual } from 'node:util';
import { onScale } from '../confidence.ts';
import { documentOf } from './document-fields.ts';
import type { Document } from './document-fields.ts';
import { isJson, jsonOf, listOf, parseJson, textOf, without } from './json-input.ts';
import type { Json } from './json-input.ts';
import { LabelCollector } from './label-collector.ts';
import type { ShownLabel } from './label-collector.ts';
import type { ReadResult, ReadSettings } from './label-format.ts';
import { UnreadableContent } from './unreadable-content.ts';
import { TOOL, annotationFor, annotatorOf, confidenceRegion, isOwnRegion } from './label-studio-annotation.ts';
import { answersOf, resultsOf, valueOf } from './label-studio-result.ts';
import type { Answer } from './label-studio-result.ts';
import { ASIDE } from './loss.ts';

const RAW = `@${TOOL}`;

interface Task {
  readonly document: Document;
  /** What Label Studio says about the task, without the document and without what is no label. */
  readonly rest: Json;
  readonly asides: Json;
}

export function readLabelStudioTasks(content: string, settings: ReadSettings): ReadResult {
  const collector = new LabelCollector(settings.path);
  for (const task of tasksIn(parseJson(content))) readTask(task, settings, collector);
  return collector.result();
}

/** An export (array), a page of the data manager (`{"tasks":[…]}`), one task, or what export storage writes: one
 * annotation with its task inside. */
function tasksIn(json: unknown): Json[] {
  const page = jsonOf(json)['tasks'];
  const items = [Array.isArray(page) ? page : json].flat().map(jsonOf);
  return items.map((item) => {
    if (isJson(item['data'])) return item;
    const { task, ...annotation } = item;
    if (!isJson(task) || !Array.isArray(annotation['result']))
      throw new UnreadableContent('malformed_json', 'no tasks of Label Studio');
    return { ...task, annotations: [annotation] };
  });
}

function readTask(json: Json, settings: ReadSettings, collector: LabelCollector): void {
  const rest = without(json, ['data', 'annotations', 'drafts', 'predictions', 'meta']);
  const meta = without(jsonOf(json['meta']), [ASIDE]);
  const asides = jsonOf(jsonOf(json['meta'])[ASIDE]);
  const hasMeta = isJson(json['meta']) && (Object.keys(meta).length > 0 || !Object.hasOwn(json['meta'], ASIDE));
  const task: Task = {
    document: documentOf(jsonOf(json['data'])),
    rest: hasMeta ? { ...rest, meta } : rest,
    asides,
  };
  collector.notVote('draft', listOf(json['drafts']).length);
  collector.notVote('prediction', listOf(json['predictions']).length);
  const annotations = listOf(json['annotations']).map(jsonOf);
  if (annotations.length === 0) collector.notVote('unlabelled');
  for (const annotation of annotations) readAnnotation(task, annotation, settings, collector);
}

function readAnnotation(task: Task, annotation: Json, settings: ReadSettings, collector: LabelCollector): void {
  if (annotation['was_cancelled'] === true) return collector.notVote('skipped');
  const answers = answersOf(listOf(annotation['result']));
  const sure = answers.find(({ field }) => field === settings.confidence?.name) ?? null;
  const confidence = sure === null ? null : onScale(saidBy(sure), settings.confidence?.scale ?? 1);
  const votes = answers.filter((answer) => answer !== sure);
  if (votes.length === 0) return collector.notVote('unlabelled');
  for (const answer of votes) {
    const label = labelOf(task, annotation, answer, sure);
    if (label === null) {
      const why = `a control of type ${String(answer.results[0]?.['type'])} is no label of ours`;
      collector.reject(
        'missing_label',
        { doc_id: task.document.docId, annotation_id: annotation['id'], ...answer },
        why,
      );
      continue;
    }
    const whole = { ...label, confidence };
    const aside = task.asides[textOf(answer.results[0]?.['id']) ?? ''];
    const isReference = annotation['ground_truth'] === true && settings.groundTruth !== 'vote';
    if (isReference) collector.reference(whole, aside);
    else collector.vote(whole, aside);
  }
}

/** Label Studio has no confidence of its own; a project may ask for it with a control: stars, a number, or a choice that
 * is called like one. */
function saidBy({ results }: Answer): unknown {
  const value = valueOf(results);
  if (value?.kind === 'rating') return value.rating;
  return value?.kind === 'choice' ? value.choice : (value ?? results);
}

function labelOf(task: Task, annotation: Json, answer: Answer, sure: Answer | null): ShownLabel | null {
  const value = valueOf(answer.results);
  if (value === null) return null;
  const { document } = task;
  const updated = textOf(annotation['updated_at']) ?? textOf(annotation['created_at']);
  const raw = rawParts(task, annotation, answer, sure);
  return {
    docId: document.docId,
    text: document.text,
    annotator: annotatorOf(annotation['completed_by']),
    field: answer.field,
    value,
    confidence: null,
    partConfidences: null,
    annotatedAt: updated,
    origin: { tool: TOOL, id: textOf(annotation['id']), version: updated },
    extra: Object.keys(raw).length === 0 ? document.fields : { ...document.fields, [RAW]: raw },
  };
}

/** What the writer would not make by itself: only that is kept, so a file of ours leaves nothing behind. */
function rawParts(task: Task, annotation: Json, { field, results }: Answer, sure: Answer | null): Json {
  const value = valueOf(results);
  const { names, text } = task.document;
  const plain = value === null ? [] : resultsOf(value, field, text, () => '');
  const regions = results.map((region) => ({ ...region, id: '' }));
  const isPlain = results.every(isOwnRegion) && isDeepStrictEqual(plain, regions);
  const ofAnnotation = without(annotation, ['result']);
  const [first] = sure?.results ?? [];
  const share = textOf(jsonOf(first?.['value'])['number']);
  const isPlainShare = isDeepStrictEqual(
    first,
    confidenceRegion(sure?.field ?? '', Number(share), textOf(first?.['id']) ?? ''),
  );
  const isImplied = isDeepStrictEqual(ofAnnotation, annotationFor(annotatorOf(annotation['completed_by'])));
  return {
    ...(Object.keys(task.rest).length === 0 ? {} : { task: task.rest }),
    ...(Object.keys(names).length === 0 ? {} : { names }),
    ...(isImplied ? {} : { annotation: ofAnnotation }),
    ...(isPlain ? {} : { results }),
    ...(sure === null || isPlainShare ? {} : { confidence: sure.results }),
  };
}
