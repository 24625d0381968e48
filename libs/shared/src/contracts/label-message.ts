import { z } from 'zod';

/**
 * Bytes of UTF-8. An index row of Postgres holds 2,704, and a decision names these for each of its votes. Labels and ids of
 * tools need no bound of their own: they enter keys as digests.
 */
export const labelBounds = { field: 512, annotator_id: 512, 'origin.path': 1024, 'origin.tool': 512 } as const;

const generation = z
  .int()
  .min(0)
  .default(0)
  .describe('Counts the contents of the path. 0 is where nobody counted; a place of a path belongs to the highest.');
const docId = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .nullable()
  .describe('The document; null when the row names it by its text alone.');
const textHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .nullable()
  .describe('SHA-256 of the text (NFC, white space collapsed), to find the document when doc_id is null.');
const path = z.string().min(1).describe('Blob below the label root; at most 1,024 bytes of UTF-8.');
const row = z.int().min(1).describe('Data record in the file, from 1.');

/** The value of an `annotations.labeled.v1` message: one row of a label file, as the bridge read it. */
export const labelMessageSchema = z
  .object({
    v: z.literal(1),
    op: z
      .enum(['vote', 'withdraw'])
      .describe('`withdraw` takes back the annotation named by origin.tool_annotation_id, or the equal row.'),
    doc_id: docId,
    text_hash: textHash,
    field: z.string().min(1).describe('At most 512 bytes of UTF-8.'),
    annotator_id: z.string().nullable().describe('At most 512 bytes of UTF-8; null for an anonymous vote.'),
    label: z
      .string()
      .describe(
        'Two rows say the same when this key is equal (libs/labels labelKey). It comes of a label of at most 64 KiB of UTF-8.',
      ),
    value: z.unknown().describe('The label as JSON shows it.'),
    confidence_score: z.number().min(0).max(1),
    annotated_at: z.iso
      .datetime({ offset: true })
      .nullable()
      .describe('With a zone; microseconds where there are any.'),
    text: z.string().nullable(),
    origin: z.object({
      path,
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      generation,
      row,
      tool: z.string().min(1),
      tool_annotation_id: z.string().nullable(),
    }),
  })
  .describe('One label row.');

export type LabelMessage = z.output<typeof labelMessageSchema>;

/** The other value such a message can have: what a row said in an earlier content is no longer in its file. */
export const removalMessageSchema = z
  .object({
    v: z.literal(1),
    op: z.literal('remove'),
    doc_id: docId,
    text_hash: textHash,
    origin: z.object({ path, generation: generation.describe('Rows of smaller generations at this place go.'), row }),
  })
  .describe('A row is no longer in its file; the message has the key of that row.');

export type RemovalMessage = z.output<typeof removalMessageSchema>;

/** What the topic carries. */
export type LabelChange = LabelMessage | RemovalMessage;
