import type { LabelValue, Span } from '../label.ts';
import type { Json } from './json-input.ts';
import { jsonOf, listOf, textOf } from './json-input.ts';

// Label Studio's `result`: a flat list of regions, each with the control (`from_name`) it belongs to. Several regions
// of one control are one answer.

export interface Answer {
  readonly field: string;
  readonly results: readonly Json[];
}

/** Answers in order of first sight of their control. Relations and other regions without a control are left out. */
export function answersOf(result: readonly unknown[]): Answer[] {
  const answers = new Map<string, Json[]>();
  for (const region of result.map(jsonOf)) {
    const field = textOf(region['from_name']);
    if (field === null) continue;
    const results = answers.get(field) ?? [];
    answers.set(field, results);
    results.push(region);
  }
  return [...answers].map(([field, results]) => ({ field, results }));
}

/** Null for a control that no label of ours can say (brushes, pairwise layouts of images, …). */
export function valueOf(results: readonly Json[]): LabelValue | null {
  const [first] = results;
  const values = results.map((region) => jsonOf(region['value']));
  switch (first?.['type']) {
    case 'choices':
      return choicesValue(values.flatMap((value) => listOf(value['choices'])));
    case 'taxonomy':
      return choicesValue(values.flatMap((value) => listOf(value['taxonomy'])));
    case 'pairwise':
      return choicesValue(values.map((value) => value['selected']));
    case 'rating':
      return numberValue(values[0]?.['rating']);
    case 'number':
      return numberValue(values[0]?.['number']);
    case 'textarea':
      return { kind: 'text', text: values.flatMap((value) => textLines(value['text'])).join('\n') };
    case 'labels':
    case 'hypertextlabels':
      return spansValue(values);
    default:
      return null;
  }
}

function choicesValue(choices: readonly unknown[]): LabelValue | null {
  // A taxonomy's choice is its path.
  const names = choices.map((choice) => (Array.isArray(choice) ? choice.join(' / ') : textOf(choice)));
  const texts = names.filter((name) => name !== null);
  const [only] = texts;
  if (only === undefined) return null;
  return texts.length === 1 ? { kind: 'choice', choice: only } : { kind: 'choices', choices: texts };
}

function numberValue(value: unknown): LabelValue | null {
  return typeof value === 'number' ? { kind: 'rating', rating: value } : null;
}

function textLines(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((line) => textOf(line) ?? []);
}

function spansValue(values: readonly Json[]): LabelValue | null {
  const spans = values.flatMap(spansOf);
  return spans.length === 0 ? null : { kind: 'spans', spans };
}

/** One region may carry several labels. In HyperText `start` is an XPath and the offsets stand beside it. */
function spansOf(value: Json): Span[] {
  const place = typeof value['start'] === 'number' ? value : jsonOf(value['globalOffsets']);
  const { start, end } = place;
  if (typeof start !== 'number' || typeof end !== 'number') return [];
  const names = listOf(value['labels'] ?? value['hypertextlabels']).flatMap((name) => textOf(name) ?? []);
  const labels = names.length === 0 ? [null] : names;
  return labels.map((label) => ({ start, end, label }));
}

/** The regions that say `value`; empty where Label Studio has no region for it. */
export function resultsOf(value: LabelValue, field: string, text: string | null, idOf: () => string): Json[] {
  const region = (type: string, content: Json): Json => {
    return { id: idOf(), from_name: field, to_name: 'text', type, value: content };
  };
  switch (value.kind) {
    case 'choice':
      return [region('choices', { choices: [value.choice] })];
    case 'choices':
      return [region('choices', { choices: value.choices })];
    case 'rating':
      return isStars(value.rating)
        ? [region('rating', { rating: value.rating })]
        : [region('number', { number: value.rating })];
    case 'text':
      return [region('textarea', { text: [value.text] })];
    case 'spans':
      return value.spans.map(({ start, end, label }) => {
        const labels = label === null ? [] : [label];
        return region('labels', { start, end, text: text?.slice(start, end) ?? '', labels });
      });
  }
}

function isStars(rating: number): boolean {
  return Number.isInteger(rating) && rating >= 1 && rating <= 10;
}
