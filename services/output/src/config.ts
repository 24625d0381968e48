import { commaList } from '@assay/cli/comma-list';
import { isGuarded, serviceFields, UNGUARDED } from '@assay/shared/config/fields';
import { coherentKafka } from '@assay/shared/config/kafka-access';
import { type Environment, readConfig } from '@assay/shared/config/read-config';
import { MIB } from '@assay/shared/contracts/units';
import { z } from 'zod';
import type { ReleaseFormat } from './formats/format.ts';
import { jsonl } from './formats/jsonl/jsonl.ts';
import { releaseFormats } from './formats/registry.ts';

/** Every release has JSONL, because its manifest and one of its addresses promise that file. */
function formatsNamed(names: readonly string[], context: z.RefinementCtx): readonly ReleaseFormat[] {
  const known = releaseFormats.map(({ name }) => name);
  for (const name of new Set(names))
    if (!known.includes(name)) context.addIssue(`"${name}" is no format; there are: ${known.join(', ')}`);
  if (!names.includes(jsonl.name))
    context.addIssue(`must have ${jsonl.name} among its formats, which every release has`);
  return releaseFormats.filter(({ name }) => names.includes(name));
}

/** Names of formats as settings and options give them, and the formats they name. */
export const formatNamesSchema = z.array(z.string()).readonly().transform(formatsNamed);

const releaseFields = {
  OUTPUT_RELEASE_FORMATS: z
    .string()
    .default(jsonl.name)
    .transform(commaList)
    .pipe(formatNamesSchema)
    .describe('Formats `assay release` makes a release in, comma separated; jsonl is always one of them.'),
};

const count = () => z.coerce.number().int();

export const outputConfigSchema = z
  .object({
    ...serviceFields,
    OUTPUT_SEGMENT_MAX_BYTES: count()
      .min(1024)
      .default(8 * MIB)
      .describe('A segment is closed when it has this many bytes.'),
    OUTPUT_SEGMENT_MAX_LINES: count()
      .min(1)
      .default(20_000)
      .describe('A segment is closed when it has this many lines.'),
    OUTPUT_SEGMENT_MAX_AGE_MS: count()
      .min(0)
      .default(5_000)
      .describe('A segment is closed when its first line is this old, however small it is.'),
    ...releaseFields,
  })
  .refine(isGuarded, UNGUARDED)
  .superRefine(coherentKafka);

export type OutputConfig = z.output<typeof outputConfigSchema>;

export const readOutputConfig = (environment: Environment = process.env): OutputConfig =>
  readConfig(outputConfigSchema, environment);

/** All that `assay release` needs of them. */
export const readReleaseFormats = (environment: Environment = process.env): readonly ReleaseFormat[] =>
  readConfig(z.object(releaseFields), environment).OUTPUT_RELEASE_FORMATS;
