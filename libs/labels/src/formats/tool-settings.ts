import type { RowManifest } from './row-manifest.ts';

/** What the export of a tool does not say by itself. */
export interface ToolSettings {
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
