import { list } from '@assay/shared/config/fields';
import { secret } from '@assay/shared/config/read-config';
import { z } from 'zod';
import { OWN_METADATA } from './domain/outgoing-records.ts';

/** What target `argilla` is told. */
export const argillaFields = {
  ARGILLA_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of Argilla 2. Target `argilla` needs it.'),
  ARGILLA_API_KEY: secret(
    z.string().min(1).optional().describe('API key of a user of Argilla that owns the workspace.'),
  ),
  ARGILLA_WORKSPACE: z.string().min(1).default('argilla').describe('The workspace of the dataset; it must exist.'),
  ARGILLA_DATASET: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9-_ ]{0,199}$/, 'must be letters, digits, blanks, - and _')
    .default('tickets')
    .describe('The dataset whose records documents become. It is made where it is missing.'),
  ARGILLA_LABELS: list()
    .refine((labels) => labels.length !== 1, { message: 'must be at least two' })
    .describe(
      'What annotators choose from, comma separated: the options of question `label` in a dataset that is made. One that is there keeps its questions.',
    ),
  ARGILLA_OVERLAP: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe('How many people answer a record before it is complete, in a dataset that is made.'),
  ARGILLA_METADATA: list()
    .refine((paths) => new Set([...OWN_METADATA, ...paths]).size === OWN_METADATA.length + paths.length, {
      message: `must not repeat a name (${OWN_METADATA.join(', ')} are there already)`,
    })
    .describe('Further metadata of a record: paths into the fields of a ticket, comma separated.'),
  ARGILLA_WEBHOOK_SECRET: secret(
    z
      .string()
      .regex(/^(whsec_)?[A-Za-z0-9+/]{22,}={0,2}$/, 'must be the secret that Argilla gave the webhook')
      .optional()
      .describe('What Argilla signs its webhooks with. Without it they are refused, and answers come by pulls alone.'),
  ),
};
