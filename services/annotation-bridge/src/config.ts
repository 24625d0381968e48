import { cdcFields, isGuarded, list, serviceFields, UNGUARDED } from '@assay/shared/config/fields';
import { coherentKafka } from '@assay/shared/config/kafka-access';
import { keyWithId } from '@assay/shared/config/key-with-id';
import { type Environment, readConfig } from '@assay/shared/config/read-config';
import type { PrivacySettings } from './intake/domain/label-privacy.ts';
import { MIB } from '@assay/shared/contracts/units';
import { confidenceOf, parseConfidenceControl } from '@assay/labels/confidence';
import type { SourceSettings } from '@assay/labels/label-row';
import { z } from 'zod';
import { argillaFields } from './targets/argilla/settings.ts';
import { batchColumns } from './targets/files/domain/csv-batch.ts';
import { labelStudioFields } from './targets/label-studio/settings.ts';

const wholeNumber = () => z.coerce.number().int();

function missingConfidence(text: string): SourceSettings['missingConfidence'] {
  const confidence = confidenceOf(text);
  return typeof confidence === 'number' ? confidence : 'reject';
}

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
      .describe(
        'Documents in one batch (a CSV, an import of a tool) at most; as many waiting ones make a batch at once.',
      ),
    ANNOTATION_BRIDGE_BATCH_MAX_BYTES: wholeNumber()
      .min(1024)
      .max(64 * MIB)
      .default(8 * MIB)
      .describe('Text in one batch at most; a single longer text still makes a batch of its own.'),
    ANNOTATION_BRIDGE_BATCH_MAX_AGE_MS: wholeNumber()
      .min(0)
      .default(5_000)
      .describe('A document waits no longer than this for its batch to fill.'),
    ANNOTATION_BRIDGE_BATCH_POLL_MS: wholeNumber()
      .min(10)
      .default(30_000)
      .describe(
        'Pause between two looks for documents that wait and of which nobody told; those that are queued are told.',
      ),
    ANNOTATION_BRIDGE_CSV_FIELDS: list()
      .refine((paths) => new Set([...batchColumns, ...paths]).size === batchColumns.length + paths.length, {
        message: `must not repeat a column (${batchColumns.join(', ')} are there already)`,
      })
      .describe(
        'Further columns of the outgoing CSV: paths into the fields of a ticket, comma separated, dots inside.',
      ),
    ANNOTATION_BRIDGE_CSV_FORMULAS: z
      .enum(['keep', 'escape'])
      .default('keep')
      .describe(
        'What the outgoing CSV does with a cell that a spreadsheet would run as a formula: `keep` it, or `escape` it by an apostrophe in front, which is taken off when its labels come back.',
      ),
    ANNOTATION_BRIDGE_PSEUDONYM_KEY: keyWithId(
      'Makes pseudonyms of personal values in answers and of annotators, <key id>:<64 hex digits>. With another key the same annotator is another one.',
    ),
    ANNOTATION_BRIDGE_ANNOTATORS: z
      .enum(['pseudonym', 'keep'])
      .default('pseudonym')
      .describe(
        'What becomes of an annotator’s id that is an e-mail address: a keyed pseudonym, or it stays as it is.',
      ),
    ANNOTATION_BRIDGE_LABELS_POLL_MS: wholeNumber()
      .min(10)
      .default(5_000)
      .describe('Pause between two looks through the container for label files; POST /v1/label-files spares the wait.'),
    ANNOTATION_BRIDGE_CONFIDENCE_MISSING: z
      .string()
      .default('reject')
      .refine((text) => text === 'reject' || typeof confidenceOf(text) === 'number', {
        message: 'is "reject", or a number from 0 to 1 to read a missing confidence as',
      })
      .transform(missingConfidence)
      .describe('What a label without a confidence means: `reject` it, or a number from 0 to 1 to assume.'),
    ANNOTATION_BRIDGE_CONFIDENCE_CONTROL: z
      .string()
      .default('')
      .refine((text) => text === '' || parseConfidenceControl(text) !== undefined, {
        message: 'is the name of a control or question, or NAME:MAX where its scale does not end at 1',
      })
      .transform(parseConfidenceControl)
      .describe(
        'The control of Label Studio or question of Argilla where annotators say how sure they are: NAME, or NAME:MAX for a scale that does not end at 1. Without it their exports have no confidence.',
      ),
    ...labelStudioFields,
    ANNOTATION_BRIDGE_PULL_MS: wholeNumber()
      .min(100)
      .default(30_000)
      .describe('Pause between two pulls of answers from a labelling tool. What a webhook tells is looked at sooner.'),
    ANNOTATION_BRIDGE_LOOK_AGAIN_MS: wholeNumber()
      .min(1_000)
      .default(3_600_000)
      .describe(
        'Each answer is compared with its tool again after this long: deletions and removed users may leave no other trace.',
      ),
    ...argillaFields,
  })
  .refine(isGuarded, UNGUARDED)
  .superRefine(coherentKafka);

export type AnnotationBridgeConfig = z.output<typeof annotationBridgeConfigSchema>;

/** How the intake masks what people wrote. */
export const privacySettings = (config: AnnotationBridgeConfig): PrivacySettings => ({
  pseudonym: { keyId: config.ANNOTATION_BRIDGE_PSEUDONYM_KEY.id, key: config.ANNOTATION_BRIDGE_PSEUDONYM_KEY.key },
  annotators: config.ANNOTATION_BRIDGE_ANNOTATORS,
});

/** What a service can read beside its other work. */
const INTAKE_LIMITS = { bytes: 2048 * MIB, rows: 5_000_000 };

/** How the intake reads label files. */
export function labelSettings(config: AnnotationBridgeConfig): SourceSettings {
  const confidence = config.ANNOTATION_BRIDGE_CONFIDENCE_CONTROL;
  return {
    hasDecimalComma: false,
    hasEscapedFormulas: config.ANNOTATION_BRIDGE_CSV_FORMULAS === 'escape',
    missingConfidence: config.ANNOTATION_BRIDGE_CONFIDENCE_MISSING,
    tools: confidence === undefined ? {} : { confidence },
    limits: INTAKE_LIMITS,
  };
}

export const readAnnotationBridgeConfig = (environment: Environment = process.env): AnnotationBridgeConfig =>
  readConfig(annotationBridgeConfigSchema, environment);
