import { createHash } from 'node:crypto';
import type { ReleaseFile } from '@assay/shared/contracts/release';
import type { CleanLines, ReleaseFormat } from '../formats/format.ts';
import type { ReleaseLines } from './release-lines.ts';

/** What a format makes of the lines: the content of its file. */
export const fileContent = (format: ReleaseFormat, lines: ReleaseLines): AsyncIterable<Uint8Array> =>
  format.encode(countingVersions(lines, new Map()));

export interface MeasuredFile {
  readonly file: ReleaseFile;
  /** {rules version: how many of its lines were decided by it}. */
  readonly rulesVersions: Readonly<Record<string, number>>;
}

/** Makes the file and hands it over piece by piece; to nobody, when it is only to be measured. */
export async function measureFile(
  format: ReleaseFormat,
  lines: ReleaseLines,
  taker: (pieces: AsyncIterable<Uint8Array>) => Promise<void> = takeAll,
): Promise<MeasuredFile> {
  const hash = createHash('sha256');
  const versions = new Map<string, number>();
  let bytes = 0;
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const piece of format.encode(countingVersions(lines, versions))) {
      hash.update(piece);
      bytes += piece.byteLength;
      yield piece;
    }
  }
  await taker(measured());
  const { name: formatName, fileName: name, mediaType: media_type } = format;
  const line_count = [...versions.values()].reduce((sum, count) => sum + count, 0);
  return {
    file: { name, format: formatName, media_type, sha256: hash.digest('hex'), bytes, line_count },
    rulesVersions: Object.fromEntries([...versions].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

async function takeAll(pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _piece of pieces);
}

/** Counts on the way, and anew each time: a format may go through the lines more than once. */
const countingVersions = (lines: ReleaseLines, versions: Map<string, number>): CleanLines => ({
  async *[Symbol.asyncIterator]() {
    versions.clear();
    for await (const batch of lines) {
      for (const { rulesVersion } of batch) versions.set(rulesVersion, (versions.get(rulesVersion) ?? 0) + 1);
      yield batch.map(({ line }) => line);
    }
  },
});
