import type { Label } from '../label.ts';
import type { Loss } from './loss.ts';
import type { NotVoteReason, RowReason } from '../reasons.ts';
import type { FileNote } from '../record-reader.ts';
import type { ToolSettings } from './tool-settings.ts';

export interface ReadSettings extends ToolSettings {
  /** Path of the file below the label root; it becomes the labels' origin. */
  readonly path: string;
}

export interface WriteSettings {
  /** Control or question that shall hold the confidence; it must exist in the project. */
  readonly confidenceControl?: string;
  /** False leaves out what the format has no place for; by default it is written where the tool ignores it. */
  readonly isAsideKept?: boolean;
}

/** An answer that should be a vote and cannot be one. */
export interface RejectedAnswer {
  readonly row: number;
  readonly reason: RowReason;
  readonly record: unknown;
}

/** Votes and rejected answers are the rows of the file, numbered together from 1: an item of a tool may hold the answers of
 * several people to several questions, and each must have a `path#n` of its own. */
export interface ReadResult {
  /** Votes, in the order of the file. */
  readonly labels: readonly Label[];
  readonly rejected: readonly RejectedAnswer[];
  /** Ground truth labels: to measure against, not to count. They are no rows; their number is that of the row before. */
  readonly references: readonly Label[];
  readonly notVotes: Readonly<Partial<Record<NotVoteReason, number>>>;
  readonly notes: readonly FileNote[];
  /** What the file says and the labels do not, rejected answers among it. */
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
