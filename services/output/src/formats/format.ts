import type { CleanLine } from '@assay/shared/contracts/release';

/**
 * Training examples in order of doc_id, some at a time. Whoever goes through them again gets the same ones: a format that has to
 * know all of them before its first byte (the columns of a table, a schema) goes through them twice.
 */
export type CleanLines = AsyncIterable<readonly CleanLine[]>;

/** How a training set looks as one file. A release has a file in each format it is made in, an export in the one it asks for. */
export interface ReleaseFormat {
  /** As settings and manifests call it. Database and manifests keep it for ever, so it is never renamed. */
  readonly name: string;
  /** Of its file, beside the manifest of a release. No two formats share one, and like the name it never changes. */
  readonly fileName: string;
  readonly mediaType: string;
  /**
   * Every line, in the order they come, as bytes in pieces that do not grow with the number of lines. Pure: the same lines give
   * the same bytes, however many come at a time. An interrupted release is finished by whatever version runs next, so bytes that
   * have to change are a new format with a name and a file of its own.
   */
  encode(lines: CleanLines): AsyncIterable<Uint8Array>;
}
