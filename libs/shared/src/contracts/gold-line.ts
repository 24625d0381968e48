import { z } from 'zod';

const label = z.unknown().describe('The label as JSON shows it.');
/** Of a line in either stream. */
export const lineLife = z
  .int()
  .positive()
  .optional()
  .describe('Counts up when the database was restored; 1 where it is absent. It outranks the version.');

/**
 * Lines of the gold stream. The highest (life, version) of a document wins, the life first; a retraction takes it out of the
 * training set again.
 */
export const goldAddSchema = z.object({
  v: z.literal(1),
  op: z.literal('add'),
  doc_id: z.string(),
  life: lineLife,
  version: z.int().positive(),
  text: z.string(),
  label: label.optional().describe('When the document has one field.'),
  labels: z.record(z.string(), label).optional().describe('{field: label} when it has more.'),
  confidence_score: z.number(),
  annotators: z.array(z.string()),
  decided_at: z.string(),
});

export const goldRetractSchema = z.object({
  v: z.literal(1),
  op: z.literal('retract'),
  doc_id: z.string(),
  life: lineLife,
  version: z.int().positive(),
  reason: z.string().describe('The verdict that took it out.'),
});

export const goldLineSchema = z.discriminatedUnion('op', [goldAddSchema, goldRetractSchema]);
export type GoldLine = z.output<typeof goldLineSchema>;

/** A vote as decisions and the disagreement stream show it. */
export const voteSchema = z.object({
  annotation_id: z.string(),
  annotator_id: z.string().nullable(),
  field: z.string(),
  label: z.string().describe('Equality key of the label.'),
  value: z.unknown(),
  confidence_score: z.number(),
  row: z.string().describe('path#n of the label file'),
  status: z.enum(['live', 'superseded', 'withdrawn']),
});
export type VoteView = z.output<typeof voteSchema>;

/** `decisions.fields`: what was decided for each field. */
export const decidedFieldSchema = z.object({
  verdict: z.enum(['gold', 'disagreement', 'low_confidence', 'pending']),
  label: label.nullable(),
  labels: z.array(label),
  confidence_score: z.number().nullable(),
  annotators: z.array(z.string()),
});
export type DecidedField = z.output<typeof decidedFieldSchema>;

/** A row of `decisions` as its change event carries it, JSON columns parsed. */
export const decisionSchema = z.object({
  decision_id: z.string(),
  doc_id: z.string(),
  life: z.int().positive().default(1).describe('Absent in events from before there were lives.'),
  version: z.int().positive(),
  verdict: z.enum(['gold', 'disagreement', 'low_confidence', 'pending', 'erased']),
  fields: z.record(z.string(), decidedFieldSchema),
  votes: z.array(voteSchema),
  reason: z.string(),
  rules_version: z.string(),
  decided_at: z.string(),
});
export type DecisionEvent = z.output<typeof decisionSchema>;
