// Spark, Hadoop, AzCopy and browsers write beside what they write: markers, checksums, and files that are not whole yet.

const BEGINNINGS = /^[_.]/;
const ENDINGS = /\.(tmp|crc|partial|inprogress)$/i;

/** False for a file that is no label file by its name alone (docs/label-rules.md#1-order): it is passed over and counted,
 * not rejected. Capitals do not matter: some systems write `.TMP`. Folders do not matter either: only the last part of a
 * path is looked at. */
export function isLabelFileName(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return !BEGINNINGS.test(name) && !ENDINGS.test(name);
}
