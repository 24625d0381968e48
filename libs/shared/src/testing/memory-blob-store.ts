import { buffer } from 'node:stream/consumers';
import type { BlobStore, Content, Metadata, Range, Version } from '../blob/blob-store.ts';

interface Blob {
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly metadata: Metadata;
  readonly writtenAt: Date;
}

/** Small, so that a spec sees a content in several pieces. */
const CHUNK_BYTES = 1024;

/** A blob store in memory that passes the same contract suite as Azure. */
export function createMemoryBlobStore(now: () => Date = () => new Date()): BlobStore {
  const blobs = new Map<string, Blob>();
  let writes = 0;
  const put = (name: string, bytes: Uint8Array, metadata: Metadata) =>
    blobs.set(name, { bytes, etag: `etag-${++writes}`, metadata, writtenAt: now() });
  const find = (name: string, { etag }: Version = {}): Blob | null => {
    const blob = blobs.get(name);
    return blob === undefined || (etag !== undefined && etag !== blob.etag) ? null : blob;
  };
  return {
    async create(name, content, metadata) {
      const bytes = await copyOf(content);
      if (blobs.has(name)) return 'exists';
      put(name, bytes, metadata);
      return 'created';
    },
    async replace(name, content, metadata) {
      put(name, await copyOf(content), metadata);
    },
    read: async (name, version) => find(name, version)?.bytes ?? null,
    async open(name, { from = 0, to, etag }: Version & Range = {}) {
      const blob = find(name, etag === undefined ? {} : { etag });
      if (blob === null) return null;
      return { etag: blob.etag, size: blob.bytes.length, chunks: piecesOf(blob.bytes.subarray(from, to)) };
    },
    metadata: async (name) => blobs.get(name)?.metadata ?? null,
    async *list(prefix) {
      for (const name of [...blobs.keys()].toSorted()) {
        if (!name.startsWith(prefix)) continue;
        const { etag, bytes, writtenAt } = blobs.get(name)!;
        yield { name, etag, size: bytes.length, writtenAt, mayGrow: false };
      }
    },
    delete: async (name) => blobs.delete(name),
    ping: async () => {},
  };
}

/** A copy, and of a Buffer `slice` makes none: the caller may write into his. */
const copyOf = async (content: Content): Promise<Uint8Array> =>
  content instanceof Uint8Array ? new Uint8Array(content) : buffer(content);

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}
