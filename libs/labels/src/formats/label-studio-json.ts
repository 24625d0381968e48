import type { Label } from '../label.ts';
import { isSameLabel } from '../label.ts';
import { fieldsOf, groupDocuments, rawOf } from './document-fields.ts';
import { isJson, jsonOf, listOf, textOf } from './json-input.ts';
import type { Json } from './json-input.ts';
import type { WriteSettings } from './label-format.ts';
import { TOOL, annotationFor, annotatorOf, confidenceRegion, regionId } from './label-studio-annotation.ts';
import { readLabelStudioTasks } from './label-studio-reader.ts';
import { resultsOf, valueOf } from './label-studio-result.ts';
import type { Aside } from './loss.ts';
import { ASIDE } from './loss.ts';
import { verified } from './verified-write.ts';
import type { Encoded } from './verified-write.ts';

function encodeLabelStudioTasks(
  labels: readonly Label[],
  asides: readonly (Aside | undefined)[],
  settings: WriteSettings,
): Encoded {
  const order: number[] = [];
  const taskIdOf = (label: Label) => textOf(jsonOf(rawOf(label, TOOL)['task'])['id']);
  const tasks = groupDocuments(labels, taskIdOf).flatMap(({ members }) => {
    const task = new TaskWriter(labels, asides, settings);
    for (const index of members) task.add(index);
    order.push(...task.order());
    return task.isEmpty() ? [] : [task.json()];
  });
  return { content: `${JSON.stringify(tasks, null, 1)}\n`, order };
}

interface Annotation {
  readonly key: string;
  readonly fields: Set<string>;
  readonly members: number[];
  readonly head: Json;
  readonly result: Json[];
}

class TaskWriter {
  readonly #annotations: Annotation[] = [];
  readonly #asides = new Map<string, Aside>();
  readonly #labels: readonly Label[];
  readonly #allAsides: readonly (Aside | undefined)[];
  readonly #settings: WriteSettings;
  #ids = 0;

  constructor(labels: readonly Label[], asides: readonly (Aside | undefined)[], settings: WriteSettings) {
    this.#labels = labels;
    this.#allAsides = asides;
    this.#settings = settings;
  }

  isEmpty(): boolean {
    return this.#annotations.length === 0;
  }

  order(): number[] {
    return this.#annotations.flatMap(({ members }) => members);
  }

  add(index: number): void {
    const label = this.#labels[index] as Label;
    const results = this.#resultsFor(label, this.#allAsides[index]);
    const [first] = results;
    if (first === undefined || label.field === this.#settings.confidenceControl) return;
    const annotation = this.#annotationFor(label, index);
    annotation.members.push(index);
    annotation.fields.add(label.field);
    annotation.result.push(...results, ...this.#confidenceResults(label, annotation));
    const aside = this.#allAsides[index];
    if (aside !== undefined) this.#asides.set(textOf(first['id']) ?? '', aside);
  }

  json(): Json {
    const first = this.#labels[this.order()[0] ?? 0] as Label;
    const raw = rawOf(first, TOOL);
    const names = jsonOf(raw['names']);
    const [idName, textName] = [textOf(names['doc_id']) ?? 'doc_id', textOf(names['text']) ?? 'text'];
    const { meta, ...task } = jsonOf(raw['task']);
    const hasAsides = this.#asides.size > 0;
    return {
      ...task,
      data: {
        ...(first.text === null ? {} : { [textName]: first.text }),
        ...(first.docId === null ? {} : { [idName]: first.docId }),
        ...fieldsOf(first, [idName, textName]),
      },
      ...(hasAsides
        ? { meta: { ...jsonOf(meta), [ASIDE]: Object.fromEntries(this.#asides) } }
        : isJson(meta)
          ? { meta }
          : {}),
      annotations: this.#annotations.map(({ head, result }) => ({ ...head, result })),
    };
  }

  // Votes of one annotator on several fields are one annotation; a second vote on a field is another annotation, and
  // nobody's votes are never joined.
  #annotationFor(label: Label, index: number): Annotation {
    const head = this.#headFor(label);
    const id = textOf(head['id']);
    const key = JSON.stringify(id ?? [label.annotator ?? index, label.annotatedAt, label.confidence]);
    const known = this.#annotations.find((each) => each.key === key && !each.fields.has(label.field));
    if (known !== undefined) return known;
    const annotation = { key, fields: new Set<string>(), members: [], head, result: [] };
    this.#annotations.push(annotation);
    return annotation;
  }

  #headFor(label: Label): Json {
    const raw = rawOf(label, TOOL)['annotation'];
    const isOfAnnotator = isJson(raw) && annotatorOf(raw['completed_by']) === label.annotator;
    return isOfAnnotator ? raw : annotationFor(label.annotator);
  }

  #resultsFor(label: Label, aside: Aside | undefined): readonly Json[] {
    const { value, field, text } = label;
    const raw = listOf(rawOf(label, TOOL)['results']).map(jsonOf);
    const rawValue = valueOf(raw);
    const isUnchanged = rawValue !== null && isSameLabel(rawValue, value) && raw[0]?.['from_name'] === field;
    if (!isUnchanged) return resultsOf(value, field, text, () => this.#nextId());
    // Imported regions often repeat their ids; an aside must find its own.
    const isTaken = aside !== undefined && this.#asides.has(textOf(raw[0]?.['id']) ?? '');
    return isTaken ? raw.map((region) => ({ ...region, id: this.#nextId() })) : raw;
  }

  #confidenceResults(label: Label, { fields }: Annotation): readonly Json[] {
    const raw = listOf(rawOf(label, TOOL)['confidence']).map(jsonOf);
    if (raw.length > 0) return fields.size > 1 ? [] : raw;
    const { confidenceControl } = this.#settings;
    if (confidenceControl === undefined || label.confidence === null || fields.size > 1) return [];
    return [confidenceRegion(confidenceControl, label.confidence, this.#nextId())];
  }

  #nextId(): string {
    this.#ids += 1;
    return regionId(this.#ids);
  }
}

export const labelStudioJson = verified({
  name: 'label-studio',
  summary: 'Label Studio JSON: tasks with annotations (export and import)',
  hasAside: true,
  reasons: {
    label: 'an answer without a span has no region, and the control for the confidence is no field',
    docId: 'the id has another name or type in the task data',
    annotator: 'no e-mail and no user id of Label Studio',
    confidence: 'Label Studio keeps no confidence per annotation; name a control for it with --confidence-control',
    partConfidences: 'Label Studio keeps no confidence per region of an annotation',
    annotatedAt: 'Label Studio sets the time of an annotation itself',
    value: 'the control reads back as another kind of label',
    extra: 'belongs to another tool',
  },
  read: readLabelStudioTasks,
  encode: encodeLabelStudioTasks,
});
