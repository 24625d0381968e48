import { JSONL_FILE } from '@assay/shared/contracts/release';
import type { ReleaseFormat } from '../format.ts';

/** Few pieces for a large file, and little memory for long texts. */
const PIECE_CHARACTERS = 64 * 1024;

/** One JSON object a line, UTF-8: what `datasets`, pandas and `jq` read as it is. */
export const jsonl: ReleaseFormat = {
  name: 'jsonl',
  fileName: JSONL_FILE,
  mediaType: 'application/x-ndjson; charset=utf-8',

  async *encode(lines) {
    let piece = '';
    for await (const batch of lines) {
      for (const line of batch) {
        piece += `${JSON.stringify(line)}\n`;
        if (piece.length < PIECE_CHARACTERS) continue;
        yield Buffer.from(piece);
        piece = '';
      }
    }
    if (piece !== '') yield Buffer.from(piece);
  },
};
