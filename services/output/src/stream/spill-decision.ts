import type { BlobStore } from '@assay/shared/blob/blob-store';
import { spillName } from '@assay/shared/contracts/blobs';
import type { SourceRecord } from '@assay/shared/pipeline/record';

/** Keeps a change event too large for the dead-letter topic. Not sealed: what comes from `decisions` is masked already. */
export const spillDecision =
  (blobs: BlobStore) =>
  async ({ topic, partition, offset, timestamp, value }: SourceRecord): Promise<string> => {
    const name = spillName(topic, partition, offset, new Date(timestamp));
    await blobs.create(name, value ?? Buffer.alloc(0), {}); // a repeat finds its first try, which holds the same bytes
    return name;
  };
