const UNFINISHED = /\.(tmp|crc|partial|inprogress)$/;

/** Whether the name of a file lets it be a label file (docs/label-rules.md#1-order). Writers of files give the others to
 * what is theirs: markers, checksums, and files that are still being written. */
export function isLabelFileName(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return !name.startsWith('_') && !name.startsWith('.') && !UNFINISHED.test(name);
}
