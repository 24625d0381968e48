import type { Json } from './json-input.ts';
import { isJson, textOf } from './json-input.ts';

export const TOOL = 'label-studio';

/** An e-mail where the export expands users, else the id as text, as in Label Studio's own CSV. */
export function annotatorOf(completedBy: unknown): string | null {
  if (!isJson(completedBy)) return textOf(completedBy);
  return textOf(completedBy['email']) ?? textOf(completedBy['id']);
}

/** An annotation of ours. `ground_truth` is said, because imported annotations become ground truth otherwise. Only an
 * e-mail or a user id names a user; Label Studio refuses the whole import for a user it does not know. */
export function annotationFor(annotator: string | null): Json {
  const flags = { was_cancelled: false, ground_truth: false };
  if (annotator?.includes('@') === true) return { completed_by: { email: annotator }, ...flags };
  return /^[1-9]\d{0,9}$/.test(annotator ?? '') ? { completed_by: Number(annotator), ...flags } : flags;
}

/** How the writer says a confidence, where the project has a control for it. */
export function confidenceRegion(name: string, confidence: number, id: string): Json {
  return { id, from_name: name, to_name: 'text', type: 'number', value: { number: confidence } };
}

const OWN_ID = 'assay-';

/** Unique within a task. */
export function regionId(number: number): string {
  return `${OWN_ID}${number}`;
}

export function isOwnRegion(region: Json): boolean {
  return textOf(region['id'])?.startsWith(OWN_ID) === true;
}
