import { cdcFields, isGuarded, list, serviceFields, UNGUARDED } from '@assay/shared/config/fields';
import { type Environment, readConfig } from '@assay/shared/config/read-config';
import { MIB } from '@assay/shared/contracts/units';
import { z } from 'zod';
import { batchColumns } from './targets/files/domain/csv-batch.ts';

const wholeNumber = () => z.coerce.number().int();

export const annotationBridgeConfigSchema = z
  .object({
    ...serviceFields,
    ...cdcFields,
    ANNOTATION_BRIDGE_TARGETS: z
      .string()
      .default('files')
      .transform((list) => list.split(',').map((name) => name.trim()))
      .refine((names) => new Set(names).size === names.length, { message: 'must name each target once' })
      .describe('Where documents go to be labelled, comma separated. A document is delivered once to each.'),
    ANNOTATION_BRIDGE_BATCH_MAX_ROWS: wholeNumber()
      .min(1)
      .max(100_000)
      .default(500)
      .describe('Documents in one outgoing CSV at most; as many waiting ones make a batch at once.'),
    ANNOTATION_BRIDGE_BATCH_MAX_BYTES: wholeNumber()
      .min(1024)
      .max(64 * MIB)
      .default(8 * MIB)
      .describe('Text in one outgoing CSV at most; a single longer text still makes a batch of its own.'),
    ANNOTATION_BRIDGE_BATCH_MAX_AGE_MS: wholeNumber()
      .min(0)
      .default(5_000)
      .describe('A document waits no longer than this for its batch to fill.'),
    ANNOTATION_BRIDGE_BATCH_POLL_MS: wholeNumber()
      .min(10)
      .default(500)
      .describe('Pause between two looks at the documents that wait for a batch.'),
    ANNOTATION_BRIDGE_CSV_FIELDS: list()
      .refine((paths) => new Set([...batchColumns, ...paths]).size === batchColumns.length + paths.length, {
        message: `must not repeat a column (${batchColumns.join(', ')} are there already)`,
      })
      .describe(
        'Further columns of the outgoing CSV: paths into the fields of a ticket, comma separated, dots inside.',
      ),
    ANNOTATION_BRIDGE_LABELS_POLL_MS: wholeNumber()
      .min(10)
      .default(1_000)
      .describe('Pause between two looks for new label files.'),
  })
  .refine(isGuarded, UNGUARDED);

export type AnnotationBridgeConfig = z.output<typeof annotationBridgeConfigSchema>;

export const readAnnotationBridgeConfig = (environment: Environment = process.env): AnnotationBridgeConfig =>
  readConfig(annotationBridgeConfigSchema, environment);
