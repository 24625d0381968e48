import { digestOf, seal, unseal, type SealingKey } from '@assay/shared/blob/sealed-bytes';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import { createOrFind } from '@assay/shared/blob/write-once';
import { bronzeName, namedByContent, spillName } from '@assay/shared/contracts/blobs';
import type { SourceRecord } from '@assay/shared/pipeline/record';
import { bronzeLine, readBronzeLine } from './domain/bronze-line.ts';

/** The sealed store of raw tickets. */
export interface Bronze {
  /** Writes the raw lines of some records of one partition as one blob; answers its name. A repeat finds its first try. */
  write(records: readonly SourceRecord[]): Promise<string>;
  /** The records of a blob; none when it is gone, null when our key does not open it. */
  read(name: string): Promise<readonly SourceRecord[] | null>;
  /** Keeps a message that is too large even for the dead-letter topic; answers the name of its blob. */
  spill(record: SourceRecord): Promise<string>;
}

export function createBronze(blobs: BlobStore, key: SealingKey): Bronze {
  /**
   * Same name and same content: done already. Same name and other content happens when part of the batch was stored through
   * another partition meanwhile, or when the topic was replaced: then the content's digest goes into the name.
   */
  async function writeSealed(name: string, plain: Buffer): Promise<string> {
    const digest = digestOf(plain, key);
    const metadata = { digest, keyid: key.id };
    if (await createOrFind(blobs, name, seal(plain, key), metadata, 'digest')) return name;
    const named = namedByContent(name, digest);
    await blobs.create(named, seal(plain, key), metadata);
    return named;
  }

  return {
    write(records) {
      const first = records[0]!;
      const last = records.at(-1)!;
      const { topic, partition, offset, timestamp } = first;
      const name = bronzeName({ topic, partition, first: offset, last: last.offset }, new Date(timestamp));
      return writeSealed(name, Buffer.from(records.map((record) => `${bronzeLine(record)}\n`).join('')));
    },
    async read(name) {
      const sealed = await blobs.read(name);
      if (sealed === null) return [];
      const lines = opened(sealed, key);
      return lines?.trimEnd().split('\n').map(readBronzeLine) ?? null;
    },
    spill(record) {
      const { topic, partition, offset, timestamp } = record;
      return writeSealed(spillName(topic, partition, offset, new Date(timestamp)), Buffer.from(bronzeLine(record)));
    },
  };
}

function opened(sealed: Uint8Array, key: SealingKey): string | null {
  try {
    return unseal(sealed, key).toString();
  } catch {
    return null; // sealed with a key from before a rotation, or not by us
  }
}
