import type { BlobStore } from './blob-store.ts';

/** A part of a store as a store of its own: all its names begin with the same prefix, which nobody sees. */
export function belowPrefix(blobs: BlobStore, prefix: string): BlobStore {
  const full = (name: string) => prefix + name;
  return {
    create: (name, content, metadata) => blobs.create(full(name), content, metadata),
    replace: (name, content, metadata) => blobs.replace(full(name), content, metadata),
    read: (name, version) => blobs.read(full(name), version),
    open: (name, part) => blobs.open(full(name), part),
    metadata: (name) => blobs.metadata(full(name)),
    async *list(below) {
      for await (const blob of blobs.list(full(below))) yield { ...blob, name: blob.name.slice(prefix.length) };
    },
    delete: (name) => blobs.delete(full(name)),
    ping: () => blobs.ping(),
  };
}
