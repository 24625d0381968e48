import type { AnnotationBridgeConfig } from '../config.ts';

type Json = Readonly<Record<string, unknown>>;

/** What one person answered about one document, as the tool shows it now. */
export interface SeenAnswer {
  /** Never given to another answer. */
  readonly id: string;
  /** Another one whenever anything in the answer that counts is another. */
  readonly version: string;
  readonly content: Json;
}

/** A document in a tool, with every answer to it that there is. */
export interface SeenItem {
  readonly id: string;
  /** Everything but the answers. */
  readonly content: Json;
  readonly answers: readonly SeenAnswer[];
}

export interface Changes {
  readonly items: readonly SeenItem[];
  /** Where the next look begins. */
  readonly cursor: string;
  /** Nothing more has changed for now. */
  readonly isEnd: boolean;
}

/** Where answers come back from. What a tool says of itself is only ever a hint to look; what counts is what is seen then. */
export interface ToolSource {
  /** The name of its target. */
  readonly name: string;
  /** The key under which the tool's own format keeps the answers of an item. */
  readonly answersKey: string;
  /** Some of what has changed since the cursor; from the very beginning without one. */
  changes(cursor: string | null, signal: AbortSignal): Promise<Changes>;
  /** These items as they are. One that is missing from the answer is gone. */
  look(itemIds: readonly string[], signal: AbortSignal): Promise<readonly SeenItem[]>;
}

/** A kind of source: a line of the registry. */
export interface ToolSourceKind {
  readonly name: string;
  open(config: AnnotationBridgeConfig): ToolSource;
}
