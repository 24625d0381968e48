import { spillName } from '../contracts/blobs.ts';
import type { Spill } from '../pipeline/dead-letter-writer.ts';
import type { BlobStore } from './blob-store.ts';

/**
 * Keeps the bytes of a message that no dead-letter topic takes. For services behind the masker, whose messages hold masked text
 * only; ingest seals its own. A repeat finds its first try, which holds the same bytes.
 */
export const spillTo =
  (blobs: BlobStore): Spill =>
  async ({ topic, partition, offset, timestamp, value }) => {
    const name = spillName(topic, partition, offset, new Date(timestamp));
    await blobs.create(name, value ?? Buffer.alloc(0), {});
    return name;
  };
