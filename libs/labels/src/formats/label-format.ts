import type { Label } from '../label.ts';
import type { Loss } from './loss.ts';
import type { RowManifest } from './row-manifest.ts';

export interface ReadSettings {
  /** Path of the file below the label root; it becomes the labels' origin. */
  readonly path: string;
  /** Columns or controls that are answers, where the file itself cannot tell them from the document's own fields. */
  readonly fields?: readonly string[];
  /** The control or question where annotators say how sure they are, and its largest value. */
  readonly confidence?: { readonly name: string; readonly scale: number };
  /** Label Studio's ground truth is a reference, not a vote, unless a project says otherwise. */
  readonly groundTruth?: 'reference' | 'vote';
  /** What was sent to Azure ML, file by file in the order of the dataset. */
  readonly manifests?: readonly RowManifest[];
  /** The number of the first row in Azure ML's exports, where no text tells. */
  readonly firstRow?: 0 | 1;
  /** Who labelled, where the format does not say (doccano exports one file per person). */
  readonly annotator?: string;
}

export interface WriteSettings {
  /** Control or question that shall hold the confidence; it must exist in the project. */
  readonly confidenceControl?: string;
  /** False leaves out what the format has no place for; by default it is written where the tool ignores it. */
  readonly isAsideKept?: boolean;
}

/** Answers in a file that are no votes. They are counted, never silently dropped. */
export const notVoteReasons = {
  skipped: 'the annotator skipped the task (Label Studio was_cancelled)',
  ground_truth: 'a reference, not a vote (Label Studio ground_truth)',
  discarded: 'the annotator discarded the record (Argilla)',
  draft: 'not submitted yet (Label Studio drafts, Argilla draft responses)',
  unlabelled: 'an empty answer, or an item nobody has answered',
  prediction: "a model's output (Label Studio predictions, Argilla suggestions)",
  machine: 'labelled by the service itself (SageMaker human-annotated: no)',
  failed: 'the labelling job failed for this item (SageMaker failure-reason)',
  rejected: 'the annotator said the offered label is wrong (Prodigy reject)',
  ignored: 'the annotator passed over it (Prodigy ignore)',
} as const;

export type NotVoteReason = keyof typeof notVoteReasons;

export interface ReadResult {
  /** Votes, in the order of the file. */
  readonly labels: readonly Label[];
  /** Ground truth labels: to measure against, not to count. */
  readonly references: readonly Label[];
  readonly notVotes: Readonly<Partial<Record<NotVoteReason, number>>>;
  /** What the file says and the labels do not. */
  readonly losses: readonly Loss[];
}

export interface WriteResult {
  readonly content: string;
  /** Labels that are in the content, each once. */
  readonly written: number;
  readonly losses: readonly Loss[];
}

export interface LabelFormat {
  readonly name: string;
  readonly summary: string;
  read(content: string, settings: ReadSettings): ReadResult;
  write(labels: readonly Label[], settings?: WriteSettings): WriteResult;
}
