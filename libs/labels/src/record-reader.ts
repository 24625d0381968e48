import type { LabelRow } from './label-row.ts';
import type { FileReason, NotVoteReason, RowReason } from './reasons.ts';

/** Where the readers put what they find. Nothing of a file counts before the file is known to be good: a rejected one
 * asks for everything since `begin` to be dropped, and one that turns out to be windows-1252 is read again. */
export interface LabelSink {
  /** A new attempt at the file: forget what the attempt before handed over. */
  begin(): void;
  /** A row that passed; `row` and `record` are valid during the call only. */
  accept(row: LabelRow, record: RecordView): void;
  reject(row: number, reason: RowReason, record: unknown): void;
}

/** The record behind a row, made only when somebody asks. */
export interface RecordView {
  /** All of it, under the names of the file. */
  record(): unknown;
  /** Only the columns that mean nothing to us. */
  extra(): Record<string, unknown>;
}

/** Something to know about a file that is good nevertheless. */
export type FileNote =
  | { readonly code: 'read_as_windows_1252' }
  | { readonly code: 'repeated_header'; readonly count: number }
  /** Recognised as the export of a tool, by the name of its format. */
  | { readonly code: 'tool_export'; readonly format: string }
  /** Answers in a tool's export that are no votes, and so no rows. */
  | { readonly code: 'not_a_vote'; readonly reason: NotVoteReason; readonly count: number };

/** Takes the text of one file, in UTF-8 and in pieces. */
export interface RecordReader {
  /** Takes whole records out of bytes[start, end) and tells where the first unfinished one begins. */
  take(bytes: Uint8Array, start: number, end: number, isLast: boolean): number;
  /** Set as soon as the file is known to be bad; nothing more is taken then. */
  readonly rejection: FileReason | undefined;
  /** What it means when a single record is longer than anybody's text. */
  readonly tooLong: FileReason;
  /** Data records so far, good and bad. */
  readonly rows: number;
  readonly notes: readonly FileNote[];
}
