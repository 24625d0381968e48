import { isGuarded, serviceFields, UNGUARDED } from '@assay/shared/config/fields';
import { coherentKafka } from '@assay/shared/config/kafka-access';
import { isLoopback } from '@assay/shared/config/loopback';
import { keyWithId } from '@assay/shared/config/key-with-id';
import { type Environment, readConfig, secret } from '@assay/shared/config/read-config';
import { z } from 'zod';
import { ASKED_BETWEEN_HEARTBEATS } from './tickets/ask-names.ts';
import { parseIdentityKey } from './tickets/domain/identity.ts';

export const ingestConfigSchema = z
  .object({
    ...serviceFields,
    INGEST_IDENTITY_KEY: secret(
      z
        .string()
        .refine((text) => parseIdentityKey(text) !== null, 'must be 64 hex digits')
        .transform((text) => parseIdentityKey(text)!)
        .describe('Key of every doc_id, 64 hex digits. Keep it for ever: another key makes other documents.'),
    ),
    INGEST_BRONZE_KEY: keyWithId(
      'Seals raw tickets, <key id>:<64 hex digits>. May be rotated: give the new key a new id.',
    ),
    INGEST_BRONZE_SWEEP_AFTER_HOURS: z.coerce
      .number()
      .int()
      .min(1)
      .default(24)
      .describe('Bronze blobs no document refers to are left over from a crash; older ones than this are deleted.'),
    INGEST_HTTP_REQUEST_MAX_TICKETS: z.coerce
      .number()
      .int()
      .min(1)
      .default(10_000)
      .describe('Tickets of one request at most; one with more is answered 413.'),
    INGEST_DEEP_PASS: z
      .enum(['off', 'presidio', 'model'])
      .default('off')
      .describe(
        'A second look for names behind the rules, thousands of times slower: `presidio` asks its analyzer, `model` runs a network in this process. While it is on, nothing is stored without it.',
      ),
    INGEST_PRESIDIO_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("Address of Presidio's analyzer, for INGEST_DEEP_PASS=presidio. It is sent masked texts."),
    INGEST_DEEP_MODEL: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Folder of a token classifier (config.json, tokenizer.json, model.onnx), for INGEST_DEEP_PASS=model. Needs the packages onnxruntime-node and @huggingface/tokenizers.',
      ),
    INGEST_DEEP_TIMEOUT_MS: z.coerce
      .number()
      .int()
      .min(100)
      .default(8_000)
      .describe('Longest wait for what the deep pass says of 2,000 characters, then it counts as away.'),
  })
  .refine(isGuarded, UNGUARDED)
  .superRefine(coherentKafka)
  .refine(({ INGEST_DEEP_PASS: deep, INGEST_PRESIDIO_URL: url }) => deep !== 'presidio' || url !== undefined, {
    path: ['INGEST_PRESIDIO_URL'],
    message: 'is required with INGEST_DEEP_PASS=presidio',
  })
  .refine(({ INGEST_DEEP_PASS: deep, INGEST_DEEP_MODEL: folder }) => deep !== 'model' || folder !== undefined, {
    path: ['INGEST_DEEP_MODEL'],
    message: 'is required with INGEST_DEEP_PASS=model',
  })
  .refine(
    ({ INGEST_DEEP_PASS: deep, INGEST_DEEP_TIMEOUT_MS: timeout, KAFKA_SESSION_TIMEOUT_MS: session }) =>
      deep === 'off' || timeout * ASKED_BETWEEN_HEARTBEATS < session,
    {
      path: ['INGEST_DEEP_TIMEOUT_MS'],
      message: `must be less than KAFKA_SESSION_TIMEOUT_MS divided by ${ASKED_BETWEEN_HEARTBEATS}, or the group gives the partition away`,
    },
  )
  .refine(
    ({ INGEST_IDENTITY_KEY, DATABASE_URL }) =>
      !INGEST_IDENTITY_KEY.madeLocally || isLoopback(new URL(DATABASE_URL).hostname),
    {
      path: ['INGEST_IDENTITY_KEY'],
      message: 'was made by a local run and must not be used with an external database: make one and keep it safe',
    },
  );

export type IngestConfig = z.output<typeof ingestConfigSchema>;

export const readIngestConfig = (environment: Environment = process.env): IngestConfig =>
  readConfig(ingestConfigSchema, environment);
