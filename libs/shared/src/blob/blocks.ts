import type { Content } from './blob-store.ts';

/** A content in blocks of one size and a rest, whatever pieces it comes in. */
export function blocksOf(content: Content, blockBytes: number): AsyncGenerator<Uint8Array, undefined> {
  return content instanceof Uint8Array ? slices(content, blockBytes) : ofSize(content, blockBytes);
}

async function* slices(bytes: Uint8Array, blockBytes: number): AsyncGenerator<Uint8Array, undefined> {
  for (let at = 0; at < bytes.byteLength; at += blockBytes) yield bytes.subarray(at, at + blockBytes);
}

async function* ofSize(source: AsyncIterable<Uint8Array>, blockBytes: number): AsyncGenerator<Uint8Array, undefined> {
  let block = Buffer.allocUnsafe(blockBytes);
  let filled = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.byteLength;) {
      const part = chunk.subarray(at, at + blockBytes - filled);
      block.set(part, filled);
      filled += part.byteLength;
      at += part.byteLength;
      if (filled < blockBytes) continue;
      yield block;
      block = Buffer.allocUnsafe(blockBytes);
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}
