import { list } from '@assay/shared/config/fields';
import { secret } from '@assay/shared/config/read-config';
import { z } from 'zod';
import { dataKeys } from './domain/outgoing-tasks.ts';

const keysOf = (paths: readonly string[]): readonly string[] => dataKeys(paths);

/** What target `label-studio` is told. */
export const labelStudioFields = {
  LABEL_STUDIO_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of Label Studio. Target `label-studio` needs it.'),
  LABEL_STUDIO_API_KEY: secret(
    z
      .string()
      .min(1)
      .optional()
      .describe('A personal access token of Label Studio, or a legacy token where those are switched on.'),
  ),
  LABEL_STUDIO_PROJECT_ID: z
    .string()
    .regex(/^[1-9]\d{0,9}$/, 'must be the number in the address of the project')
    .transform(Number)
    .optional()
    .describe('The project whose tasks documents become: the number in its address.'),
  LABEL_STUDIO_OVERLAP: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('How many people see a task. Without it the project keeps its own setting.'),
  LABEL_STUDIO_FIELDS: list()
    .refine((paths) => new Set(keysOf(paths)).size === keysOf(paths).length, {
      message: `must not repeat a key (${keysOf([]).join(', ')} are there already)`,
    })
    .describe(
      'Further keys of a task: paths into the fields of a ticket, comma separated. The label config shows them.',
    ),
  LABEL_STUDIO_WEBHOOK_SECRET: secret(
    z
      .string()
      .min(16, 'must have at least 16 characters')
      .optional()
      .describe(
        'What webhooks of the project show as `Authorization: Bearer`. Without it they are refused, and answers come by pulls alone.',
      ),
  ),
};
