import { isGuarded, serviceFields, UNGUARDED } from '@assay/shared/config/fields';
import { type Environment, readConfig } from '@assay/shared/config/read-config';
import { MIB } from '@assay/shared/contracts/units';
import { z } from 'zod';

const count = () => z.coerce.number().int();

export const outputConfigSchema = z
  .object({
    ...serviceFields,
    OUTPUT_NUMBERING_PAUSE_MS: count()
      .min(1)
      .default(200)
      .describe('Pause before looking again for lines without a sequence number; consumers wait for it at most.'),
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
  })
  .refine(isGuarded, UNGUARDED);

export type OutputConfig = z.output<typeof outputConfigSchema>;

export const readOutputConfig = (environment: Environment = process.env): OutputConfig =>
  readConfig(outputConfigSchema, environment);
