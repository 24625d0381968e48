import type { FileReason } from '../reasons.ts';

/** The content is not of this format at all: nothing in it counts. */
export class UnreadableContent extends Error {
  /** What a label file like this is rejected for. */
  readonly reason: FileReason;

  constructor(reason: FileReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
