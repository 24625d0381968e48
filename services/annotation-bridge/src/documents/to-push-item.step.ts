import { accepted, type Accepted } from '@assay/shared/pipeline/outcome';
import type { DocumentChange } from './domain/document-change.ts';

/** Outgoing files for people and tools that read them: the one target there is so far. */
export const FILES_TARGET = 'files';

export interface PushItem {
  readonly doc_id: string;
  readonly target: string;
  readonly priority: number;
}

export function toPushItem({ doc_id, priority }: DocumentChange): Accepted<PushItem> {
  return accepted({ doc_id, target: FILES_TARGET, priority });
}
