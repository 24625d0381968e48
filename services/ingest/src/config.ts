import { isGuarded, isLoopback, serviceFields, UNGUARDED } from '@assay/shared/config/fields';
import { keyWithId } from '@assay/shared/config/key-with-id';
import { type Environment, readConfig, secret } from '@assay/shared/config/read-config';
import { z } from 'zod';
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
  })
  .refine(isGuarded, UNGUARDED)
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
