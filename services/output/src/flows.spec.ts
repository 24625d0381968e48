import type { DoorFlow } from '@assay/shared/bootstrap/flows';
import { openApiOf } from '@assay/shared/http/openapi';
import { Bell } from '@assay/shared/pipeline/bell';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { createMemoryBlobStore } from '@assay/shared/testing/memory-blob-store';
import { expect, it } from 'vitest';
import { readOutputConfig } from './config.ts';
import { flows } from './flows.ts';

it('the doors of output are described', () => {
  const config = readOutputConfig({
    KAFKA_BROKERS: 'broker:9092',
    DATABASE_URL: 'postgres://user:password@host/db',
    BLOB_CONNECTION_STRING: 'file:///a spec opens no connection',
  });
  const all = flows({ config, postgres: {} as Postgres, gold: createMemoryBlobStore(), linesAppended: new Bell() });
  const doors = all.filter((flow): flow is DoorFlow => flow.kind === 'door');

  const { paths } = openApiOf(
    'output',
    doors.map(({ api }) => api),
  ) as { paths: object };

  expect(Object.keys(paths)).toEqual([
    '/health',
    '/ready',
    '/metrics',
    '/v1/gold/lines',
    '/v1/disagreements/lines',
    '/v1/gold/releases',
    '/v1/gold/releases/latest',
    '/v1/gold/releases/{release}',
    '/v1/gold/releases/{release}/clean_training_dataset.jsonl',
    '/v1/gold/releases/{release}/{file}',
  ]);
});
