import { PipelineError } from '../../errors/pipeline-error.ts';
import type { BlobStore } from '../blob-store.ts';

/** Stays there, so that every later start asks with one request. */
const PROBE = '.write-once';

/**
 * Older servers take a conditional write and overwrite all the same. Then two writers of one name would both believe to have
 * been first, so such a store is refused when a service starts rather than found out by a broken release.
 */
export async function proveWriteOnce(create: BlobStore['create'], bucket: string): Promise<void> {
  const write = () => create(PROBE, Buffer.alloc(0), {});
  if ((await write()) === 'exists' || (await write()) === 'exists') return;
  throw new PipelineError(
    'CONFIG_INVALID',
    `the server of bucket ${bucket} overwrites what a write with If-None-Match must leave alone. Assay needs a store that keeps the first write: Amazon S3, MinIO, R2, or another with conditional writes`,
  );
}
