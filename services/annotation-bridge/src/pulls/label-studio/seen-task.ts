import { hash } from 'node:crypto';
import type { LabelStudioTask } from '../../targets/label-studio/label-studio-api.ts';
import type { SeenAnswer, SeenItem } from '../tool-source.ts';

type Annotation = LabelStudioTask['annotations'][number];

/** A task as its export shows it. Bodies of drafts are nobody's answer yet, and may say anything: only their number is kept. */
export function seenTask({ annotations, drafts, ...task }: LabelStudioTask): SeenItem {
  return {
    id: String(task.id),
    content: { ...task, drafts: drafts.map(() => ({})) },
    answers: annotations.map(seenAnnotation),
  };
}

function seenAnnotation(annotation: Annotation): SeenAnswer {
  const { id, updated_at, was_cancelled, ground_truth, completed_by, result } = annotation;
  const counts = JSON.stringify([updated_at, was_cancelled, ground_truth, completed_by, result]);
  return { id: String(id), version: hash('sha256', counts, 'hex').slice(0, 32), content: annotation };
}
