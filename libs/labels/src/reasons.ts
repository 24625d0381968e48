// Why a label file or a row of it does not count. The codes are part of the interface
// (docs/label-rules.md#3-rejected-files and docs/label-rules.md#4-rejected-rows): they stand in reports, in
// rejected.jsonl and in people's scripts, so a code is never renamed.

import type { Column } from './column-names.ts';

export const fileReasons = {
  empty_file: 'No bytes, or nothing but a byte order mark and white space.',
  truncated_gzip: 'The gzip stream ends early: an upload or a copy was cut off.',
  bad_gzip: 'Named .gz or starting like gzip, but its data or checksum is wrong.',
  parquet_no_footer: 'A Parquet file without its footer: still being written, or cut off.',
  parquet_unreadable: 'The Parquet footer or a page cannot be read.',
  undecodable:
    'No text in UTF-8, UTF-16 or windows-1252, a zstd stream that is broken or has several frames, or a file that cannot be opened.',
  malformed_json: 'Neither a JSON array, nor one object a line, nor {"annotations": […]}.',
  missing_header: 'The first record names no column we know.',
  unterminated_quote: 'A quoted cell is never closed, so everything after it is in doubt.',
  too_large: 'More content than the reader takes, or packed so well that there can be no labels in it.',
  too_many_rows: 'More data records than the reader takes; split the file.',
  too_many_columns: 'More than 1,000 columns.',
  too_deep: 'The export of a tool with objects and lists nested beyond what any tool writes.',
  unreadable: 'Reading it failed three times, for a reason that lies in the file (running system only).',
} as const;

export type PlainFileReason = keyof typeof fileReasons;

/** `missing_column:<name>`: a needed column has no name in the file. `duplicate_column:<name>`: it has two. */
export type FileReason = PlainFileReason | `missing_column:${Column}` | `duplicate_column:${Column}`;

/** In the order in which they apply: a row carries the first. */
export const rowReasons = {
  malformed_row: 'More or fewer cells than the header, a broken JSON line, no object, or a value too long or too deep.',
  missing_text: 'No text, and no doc_id either.',
  missing_label: 'The label is null, only white space, or an empty list.',
  confidence_missing: 'No confidence, and no setting says what that means.',
  confidence_not_a_number: 'Not a plain decimal number: no %, comma, NaN, infinity or hexadecimal.',
  confidence_out_of_range: 'A number outside [0, 1].',
  label_too_long: 'The label is longer than 64 KiB, or the annotator id, field or tool than 512 bytes.',
  ambiguous_document: 'The text belongs to several documents (running system only).',
  not_storable: 'The database cannot store it (running system only).',
  unknown_document: 'No document of ours, after waiting (running system only).',
} as const;

export type RowReason = keyof typeof rowReasons;

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

/** The sentence behind a file's code, whichever column it names. */
export function fileReasonMeaning(reason: FileReason): string {
  const [code, column] = reason.split(':');
  if (code === 'missing_column') return `No column is named ${column} or one of its aliases.`;
  if (code === 'duplicate_column') return `Two columns mean ${column}; which one counts is not ours to guess.`;
  return fileReasons[reason as PlainFileReason];
}
