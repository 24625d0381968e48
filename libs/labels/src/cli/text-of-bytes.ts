import { TextDecoder } from 'node:util';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { UnreadableContent } from '../formats/unreadable-content.ts';
import { byteOrderMark } from '../files/text-decoding.ts';

/** A small file as text: gzip and zstd by their first bytes, UTF-16 by its mark, else UTF-8, else windows-1252 with a
 * note (docs/label-rules.md#2-reading). */
export function textOfBytes(packed: Uint8Array): { text: string; note: string | null } {
  const bytes = unpacked(packed);
  const { encoding, length } = byteOrderMark(bytes, 0, bytes.length);
  const content = bytes.subarray(length);
  const text = decoded(content, encoding);
  if (text !== null) return { text, note: null };
  if (encoding !== 'utf-8') throw new UnreadableContent(`the file is not ${encoding} as its first bytes say`);
  return { text: new TextDecoder('windows-1252').decode(content), note: 'not UTF-8: read as windows-1252' };
}

const GZIP = [0x1f, 0x8b];
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];

function unpacked(bytes: Uint8Array): Uint8Array {
  const startsWith = (magic: readonly number[]) => magic.every((byte, at) => bytes[at] === byte);
  try {
    if (startsWith(GZIP)) return gunzipSync(bytes);
    return startsWith(ZSTD) ? zstdDecompressSync(bytes) : bytes;
  } catch (error) {
    throw new UnreadableContent(
      `the compressed file is broken: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Null where the bytes are not in this encoding. */
function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
