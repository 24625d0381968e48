import { createHash } from 'node:crypto';
import type { LabelMessage } from '@assay/shared/contracts/label-message';

export const docIdOf = (number: number): string => number.toString(16).padStart(32, '0');
export const textHashOf = (number: number): string => createHash('sha256').update(`text ${number}`).digest('hex');

export interface LabelRowChanges extends Partial<Omit<LabelMessage, 'origin'>> {
  readonly says?: string;
  readonly toolId?: string;
}

/** `path#n`: what `ann` says about document 1 there ("bug", at 0.9), when nothing else is given. */
export function labelRow(place: string, { says = 'bug', toolId, ...changes }: LabelRowChanges = {}): LabelMessage {
  const [path, row] = place.split('#') as [string, string];
  return {
    v: 1,
    op: 'vote',
    doc_id: docIdOf(1),
    text_hash: null,
    field: 'label',
    annotator_id: 'ann',
    label: `choice:${says}`,
    value: says,
    confidence_score: 0.9,
    annotated_at: null,
    text: null,
    origin: {
      path,
      sha256: createHash('sha256').update(path).digest('hex'),
      generation: 1,
      row: Number(row),
      tool: toolId === undefined ? 'file' : 'label-studio',
      tool_annotation_id: toolId ?? null,
    },
    ...changes,
  };
}

/** The same row, naming document `number` by its text alone. */
export const byText = (number: number) => ({ doc_id: null, text_hash: textHashOf(number), text: `text ${number}` });
