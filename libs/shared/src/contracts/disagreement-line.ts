import { z } from 'zod';
import { lineLife } from './gold-line.ts';

const label = z.unknown().describe('The label as JSON shows it.');

/** A live vote of a document that people disagree about. */
export const disagreeingVoteSchema = z.object({
  field: z.string().optional().describe('When the document has more than one field.'),
  annotator_id: z.string().nullable(),
  label,
  confidence_score: z.number(),
  row: z.string().describe('path#n of the label file'),
});

/** Lines of the disagreement stream. The highest (life, version) of a document wins, as in the gold stream. */
export const disagreementAddSchema = z.object({
  v: z.literal(1),
  op: z.literal('add'),
  doc_id: z.string(),
  life: lineLife,
  version: z.int().positive(),
  text: z.string(),
  labels: z.array(label).describe('The different labels of the fields in which the votes disagree.'),
  votes: z.array(disagreeingVoteSchema),
});

export const disagreementRetractSchema = z.object({
  v: z.literal(1),
  op: z.literal('retract'),
  doc_id: z.string(),
  life: lineLife,
  version: z.int().positive(),
  reason: z.string().describe('The verdict that settled it.'),
});

export const disagreementLineSchema = z.discriminatedUnion('op', [disagreementAddSchema, disagreementRetractSchema]);
export type DisagreementLine = z.output<typeof disagreementLineSchema>;
