import { createHash } from 'node:crypto';
import { namedByContent, spillName } from '../contracts/blobs.ts';
import type { Spill } from '../pipeline/dead-letter-writer.ts';
import type { BlobStore } from './blob-store.ts';

/**
 * Keeps the bytes of a message that no dead-letter topic takes. For services behind the masker, whose messages hold masked text
 * only; ingest seals its own. A repeat finds its first try. The name tells the bytes: an offset alone is another message once the
 * topic was replaced, and its letter would point at the bytes of the one before.
 */
export const spillTo =
  (blobs: Pick<BlobStore, 'create'>): Spill =>
  async ({ topic, partition, offset, timestamp, value }) => {
    const bytes = value ?? Buffer.alloc(0);
    const digest = createHash('sha256').update(bytes).digest('hex');
    const name = namedByContent(spillName(topic, partition, offset, new Date(timestamp)), digest);
    await blobs.create(name, bytes, {});
    return name;
  };
