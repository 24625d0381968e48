import type { BlobStore, Metadata } from '../blob/blob-store.ts';

interface Blob {
  readonly bytes: Uint8Array;
  readonly metadata: Metadata;
  readonly writtenAt: Date;
}

/** A blob store in memory that passes the same contract suite as Azure. */
export function createMemoryBlobStore(now: () => Date = () => new Date()): BlobStore {
  const blobs = new Map<string, Blob>();
  // A copy, and of a Buffer `slice` makes none: the caller may write into his.
  const put = (name: string, bytes: Uint8Array, metadata: Metadata) =>
    blobs.set(name, { bytes: new Uint8Array(bytes), metadata, writtenAt: now() });
  return {
    async create(name, bytes, metadata) {
      if (blobs.has(name)) return 'exists';
      put(name, bytes, metadata);
      return 'created';
    },
    async replace(name, bytes, metadata) {
      put(name, bytes, metadata);
    },
    read: async (name) => blobs.get(name)?.bytes ?? null,
    metadata: async (name) => blobs.get(name)?.metadata ?? null,
    async *list(prefix) {
      for (const name of [...blobs.keys()].toSorted())
        if (name.startsWith(prefix)) yield { name, writtenAt: blobs.get(name)!.writtenAt };
    },
    delete: async (name) => blobs.delete(name),
    ping: async () => {},
  };
}
