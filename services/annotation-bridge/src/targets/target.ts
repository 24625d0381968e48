import type { AnnotationBridgeConfig } from '../config.ts';
import type { OutgoingDocument } from './outgoing-document.ts';

/** When a batch is sent: full by documents or by bytes of text, or its oldest document has waited long enough. */
export interface BatchLimits {
  readonly maxDocuments: number;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/** Bytes of a batch under a name: a file, or the body of a request. */
export interface BatchPart {
  readonly name: string;
  readonly content: Buffer;
}

/** A batch as it was committed before anything left us. Whoever sends it, and however often, sends these bytes. */
export interface Batch {
  readonly batchId: string;
  readonly docIds: readonly string[];
  readonly parts: readonly BatchPart[];
}

/** What became of the documents of a batch. */
export interface Receipt {
  /** The target's own ids by doc_id. None for a target in which a document is found by its place in the batch. */
  readonly externalIds: ReadonlyMap<string, string>;
  /** Documents the target will never take, and why. They are not offered again. */
  readonly refused: ReadonlyMap<string, string>;
}

/** What was done about copies of documents that a target has more than once. */
export interface Surplus {
  /** Copies that nobody had worked on, and that are gone now. */
  readonly removed: number;
  /** The ids of the copies that stand, by doc_id. */
  readonly externalIds: ReadonlyMap<string, string>;
  /** Further copies that people have worked on, by doc_id. Their labels count, and only a person may take them away. */
  readonly workedOn: ReadonlyMap<string, readonly string[]>;
}

/**
 * Where documents go to be labelled. Sending happens outside of every transaction: a batch is leased and committed, then sent,
 * then confirmed. A crash in between leaves a lease that runs out; what the target has of the batch by then is looked for
 * before anything is sent again, so that a target without idempotency gets nothing twice. target.contract.ts holds every
 * target to this.
 */
export interface Target {
  /** Lower case. It is part of the key of a delivery and never changes. */
  readonly name: string;
  readonly limits: BatchLimits;
  /** A try is aborted after this long, and only then may another instance take the batch over. */
  readonly tryWithinMs: number;
  /** The bytes of a batch, decided once. Pure. */
  encode(batchId: string, at: Date, documents: readonly OutgoingDocument[]): readonly BatchPart[];
  /** Of a batch that was tried before: the documents the target has, with its ids of them (or '' where it gives none). */
  find(batch: Batch, signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Sends what is missing. Resolves when the target has it for good; a failure may leave anything behind. */
  send(batch: Batch, missing: ReadonlySet<string>, signal: AbortSignal): Promise<Receipt>;
  /**
   * Only of a target that takes a document twice: a request that was cut off may have been carried out after `find` looked.
   * Of documents whose batch was tried more than once, it takes away the copies that nobody has worked on.
   */
  removeSurplus?(docIds: readonly string[], signal: AbortSignal): Promise<Surplus>;
  /** Resolves when the target answers; for /ready. */
  ping(): Promise<void>;
}

/** A kind of target: a line of the registry. */
export interface TargetKind {
  readonly name: string;
  open(config: AnnotationBridgeConfig): Promise<Target>;
}
