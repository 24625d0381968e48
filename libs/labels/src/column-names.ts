/** The columns that mean something to us; every other column is kept as an extra field. */
export const columns = [
  'doc_id',
  'text',
  'annotator_id',
  'field',
  'label',
  'confidence_score',
  'annotated_at',
] as const;

export type Column = (typeof columns)[number];
