import { isGuarded, list, serviceFields, UNGUARDED } from '@assay/shared/config/fields';
import { coherentKafka } from '@assay/shared/config/kafka-access';
import { type Environment, readConfig } from '@assay/shared/config/read-config';
import type { Rules } from './decisions/domain/rules.ts';
import { z } from 'zod';

const rulesFields = {
  QUALITY_VALIDATOR_THRESHOLD: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.8)
    .describe('A vote is confident from here on. It dissents whatever its confidence.'),
  QUALITY_VALIDATOR_MIN_ANNOTATORS: z.coerce
    .number()
    .int()
    .min(1)
    .default(1)
    .describe('Live votes a field needs before it is decided.'),
  QUALITY_VALIDATOR_MIN_CONFIDENT_VOTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(1)
    .describe('Confident votes a field needs to be gold.'),
  QUALITY_VALIDATOR_REQUIRED_FIELDS: list().describe(
    'Fields that must be gold, comma separated. None: whichever fields have votes.',
  ),
};

export const validatorConfigSchema = z
  .object({
    ...serviceFields,
    ...rulesFields,
    QUALITY_VALIDATOR_RETRY_WAITING_MS: z.coerce
      .number()
      .int()
      .min(100)
      .default(2_000)
      .describe('How often labels that wait for their document are tried again.'),
    QUALITY_VALIDATOR_WAIT_FOR_DOCUMENT_MS: z.coerce
      .number()
      .int()
      .min(0)
      .default(86_400_000)
      .describe('A label whose document has not come after this long is rejected: unknown_document.'),
  })
  .refine(isGuarded, UNGUARDED)
  .superRefine(coherentKafka);

export type ValidatorConfig = z.output<typeof validatorConfigSchema>;

export const readValidatorConfig = (environment: Environment = process.env): ValidatorConfig =>
  readConfig(validatorConfigSchema, environment);

const rulesSchema = z.object(rulesFields);

/** The rules alone, for `assay redecide`. */
export const readRules = (environment: Environment = process.env): Rules =>
  rulesOf(readConfig(rulesSchema, environment));

export const rulesOf = (config: z.output<typeof rulesSchema>): Rules => {
  const fields = config.QUALITY_VALIDATOR_REQUIRED_FIELDS;
  const rules = {
    threshold: config.QUALITY_VALIDATOR_THRESHOLD,
    minAnnotators: config.QUALITY_VALIDATOR_MIN_ANNOTATORS,
    minConfidentVotes: config.QUALITY_VALIDATOR_MIN_CONFIDENT_VOTES,
    requiredFields: fields.length === 0 ? null : fields,
  };
  const { threshold, minAnnotators, minConfidentVotes } = rules;
  const version = `default/1 threshold=${threshold} annotators=${minAnnotators} confident=${minConfidentVotes} fields=${fields.join('+') || 'any'}`;
  return { rules, version };
};
