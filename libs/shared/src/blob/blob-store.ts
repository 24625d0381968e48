/**
 * What we need of a blob store. Two implementations pass the same contract suite (blob-store.contract.ts): Azure Blob
 * Storage, and one in memory for specs. Every failure is a PipelineError with dependency `blob`.
 */
export interface BlobStore {
  /** Writes only where nothing stands yet. `exists` means that somebody was first, and nothing was changed. */
  create(name: string, bytes: Uint8Array, metadata: Metadata): Promise<'created' | 'exists'>;
  /** For pointers alone, such as the newest release: whoever reads sees the old content or the new one, never none. */
  replace(name: string, bytes: Uint8Array, metadata: Metadata): Promise<void>;
  read(name: string): Promise<Uint8Array | null>;
  metadata(name: string): Promise<Metadata | null>;
  /** Names below a prefix, in byte order, with the time each was last written. */
  list(prefix: string): AsyncIterable<{ readonly name: string; readonly writtenAt: Date }>;
  /** True when there was something to delete. */
  delete(name: string): Promise<boolean>;
  /** Resolves when the container answers; makes it when it is missing. */
  ping(): Promise<void>;
}

/** Keys are lower-case identifiers and values ASCII: what every blob store can carry. */
export type Metadata = Readonly<Record<string, string>>;
