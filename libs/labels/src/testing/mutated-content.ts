/** What half a copy and a bad day make of bytes: some are changed, left out, said many times or moved. */
export function mutatedContent(content: Uint8Array, seed: number): Buffer {
  const below = randomFrom(seed);
  let bytes: Buffer = Buffer.from(content);
  for (let left = 1 + below(4); left > 0; left--) bytes = mutatedOnce(bytes, below);
  return bytes;
}

/** Numbers from a seed, each below the limit it is asked with. */
export function randomFrom(seed: number): (limit: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** What formats are made of, and what their readers stumble over. */
const pieces = [
  '"',
  '[',
  ']',
  '{',
  '}',
  ',',
  ':',
  '\\',
  '\n',
  '\r',
  '\t',
  '\0',
  '-',
  ' ',
  '""',
  '1e999',
  '-0',
  'null',
  'true',
  '{"__proto__":',
  '[[[[[[[[',
  '\\u0000',
  '\\ud800',
  '\u{1f600}',
  '\ufeff',
  '99999999999999999999',
  '2026-02-30T25:61:61Z',
].map((piece) => Buffer.from(piece));

function mutatedOnce(bytes: Buffer, below: (limit: number) => number): Buffer {
  const at = below(bytes.length + 1);
  const end = Math.min(bytes.length, at + below(40));
  const [before, cut, after] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
  switch (below(7)) {
    case 0:
      return Buffer.concat([before, after]);
    case 1:
      return Buffer.from(before);
    case 2:
      return Buffer.concat([before, ...Array.from({ length: below(50) }, () => cut), after]);
    case 3:
      return Buffer.concat([
        before,
        ...Array.from({ length: 1 + below(50) }, () => pieces[below(pieces.length)]!),
        after,
      ]);
    case 4:
      return Buffer.concat([before, Buffer.from(Array.from({ length: 1 + below(4) }, () => below(256))), after]);
    case 5:
      return Buffer.concat([after, cut, before]);
    default: {
      // A bit in place: what follows stays where offsets and lengths say it is.
      const same = Buffer.from(bytes);
      if (at < same.length) same[at] = same[at]! ^ (1 << below(8));
      return same;
    }
  }
}
