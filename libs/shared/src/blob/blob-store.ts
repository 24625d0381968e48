/**
 * What we need of a blob store. Two implementations pass the same contract suite (blob-store.contract.ts): Azure Blob
 * Storage, and one in memory for specs. Every failure is a PipelineError with dependency `blob`, and no call waits for ever.
 */
export interface BlobStore {
  /**
   * Writes only where nothing stands yet. `exists` means that somebody was first, and nothing was changed. A source that fails
   * on the way leaves nothing behind, and its error passes unchanged.
   */
  create(name: string, content: Content, metadata: Metadata): Promise<'created' | 'exists'>;
  /** For pointers alone, such as the newest release: whoever reads sees the old content or the new one, never none. */
  replace(name: string, content: Content, metadata: Metadata): Promise<void>;
  /** The whole content in memory, all of one version. Null when it is not there, or not in the version asked for. */
  read(name: string, version?: Version): Promise<Uint8Array | null>;
  /** The same piece by piece, for what may be larger than memory. Who does not read to the end lets go by leaving the loop. */
  open(name: string, part?: Version & Range): Promise<OpenBlob | null>;
  metadata(name: string): Promise<Metadata | null>;
  /** What lies below a prefix, in byte order of the names. */
  list(prefix: string): AsyncIterable<ListedBlob>;
  /** True when there was something to delete. */
  delete(name: string): Promise<boolean>;
  /** Resolves when the container answers; makes it when it is missing. */
  ping(): Promise<void>;
}

/** Bytes at hand, or a source of bytes whose length nobody knows before its end. */
export type Content = Uint8Array | AsyncIterable<Uint8Array>;

/** Keys are lower-case identifiers and values ASCII: what every blob store can carry. */
export type Metadata = Readonly<Record<string, string>>;

export interface Version {
  /** Only if this is still the version that stands. */
  readonly etag?: string;
}

/** Bytes [from, to) of a blob. Beyond its end there is nothing, which is no error. */
export interface Range {
  readonly from?: number;
  readonly to?: number;
}

export interface ListedBlob {
  readonly name: string;
  /** Changes with every write. Without quotes. */
  readonly etag: string;
  readonly size: number;
  readonly writtenAt: Date;
  /** An append blob is there from its first piece on; any other only when it is whole. */
  readonly mayGrow: boolean;
}

export interface OpenBlob {
  readonly etag: string;
  /** Of the whole blob, whatever part of it was asked for. */
  readonly size: number;
  readonly chunks: AsyncIterable<Uint8Array>;
}
