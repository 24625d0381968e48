import { createHash } from 'node:crypto';
import { PipelineError } from '../errors/pipeline-error.ts';
import type { BlobStore, Content, Metadata } from './blob-store.ts';

export const sha256Of = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/**
 * Puts a content under a name that nothing else may have. An interrupted try may have written it already; then the digest in
 * its metadata says that it is ours, and it is not written again. Other content there is a bug, and stays.
 */
export async function writeOnce(blobs: BlobStore, name: string, content: Content, sha256: string): Promise<void> {
  if (await createOrFind(blobs, name, content, { sha256 }, 'sha256')) return;
  throw new PipelineError('INVARIANT_BROKEN', `blob ${name} exists with other content than was planned`);
}

/** Whether this content stands under the name now: just written, or found there by the digest in its metadata. */
export async function createOrFind(
  blobs: BlobStore,
  name: string,
  content: Content,
  metadata: Metadata,
  digest: string,
): Promise<boolean> {
  if ((await blobs.create(name, content, metadata)) === 'created') return true;
  return (await blobs.metadata(name))?.[digest] === metadata[digest];
}

/** The same bytes, and an error in the place of their end when they are not those that were promised. */
export async function* verified(
  source: AsyncIterable<Uint8Array>,
  sha256: string,
  what: string,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== sha256)
    throw new PipelineError('INVARIANT_BROKEN', `${what} has other bytes than planned`);
}
