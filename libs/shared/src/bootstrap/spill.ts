import type { BlobStore } from '../blob/blob-store.ts';
import { spillName } from '../contracts/blobs.ts';
import type { Spill } from '../kafka/dead-letters.ts';

/** Keeps the bytes of a message that no dead-letter topic takes. For services behind the masker; ingest seals its own. */
export const spillTo =
  (blobs: BlobStore): Spill =>
  async ({ topic, partition, offset, timestamp, value }) => {
    const name = spillName(topic, partition, offset, new Date(timestamp));
    await blobs.create(name, value ?? Buffer.alloc(0), {});
    return name;
  };
