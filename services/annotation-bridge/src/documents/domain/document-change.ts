import { z } from 'zod';

/**
 * What the bridge needs of a row of `documents`. Not its text: Debezium may leave a large one out, so the batch reads it from
 * the table, where it is always whole.
 */
export const documentChangeSchema = z.object({
  doc_id: z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 hex digits'),
  priority: z.int().min(0).max(9),
});

export type DocumentChange = z.output<typeof documentChangeSchema>;
