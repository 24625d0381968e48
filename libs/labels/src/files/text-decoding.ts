import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

// Bytes of a text file to UTF-8, whatever it was written in. UTF-8 itself is passed on as it is, without a copy.

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

export interface ByteOrderMark {
  readonly encoding: Encoding;
  readonly length: number;
}

/** What the first bytes of a file say about its encoding. UTF-16 is read only with its mark: guessing it from zero bytes
 * would read binary files as text. */
export function byteOrderMark(bytes: Uint8Array, start: number, end: number): ByteOrderMark {
  const [first, second, third] = bytes.subarray(start, Math.min(end, start + 3));
  if (first === 0xff && second === 0xfe) return { encoding: 'utf-16le', length: 2 };
  if (first === 0xfe && second === 0xff) return { encoding: 'utf-16be', length: 2 };
  return { encoding: 'utf-8', length: first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0 };
}

/** Turns pieces of a file into pieces of UTF-8; undefined where the bytes are no text in this encoding. */
export interface Transcoder {
  decode(bytes: Uint8Array): Uint8Array | undefined;
  /** What was still held back. */
  end(): Uint8Array | undefined;
}

export class Utf16Transcoder implements Transcoder {
  readonly #decoder: TextDecoder;

  constructor(encoding: 'utf-16le' | 'utf-16be') {
    this.#decoder = new TextDecoder(encoding, { fatal: true });
  }

  decode(bytes: Uint8Array): Uint8Array | undefined {
    return this.#decode(() => this.#decoder.decode(bytes, { stream: true }));
  }

  end(): Uint8Array | undefined {
    return this.#decode(() => this.#decoder.decode());
  }

  #decode(decode: () => string): Uint8Array | undefined {
    try {
      return Buffer.from(decode(), 'utf8');
    } catch (error) {
      // Half a character, or half a surrogate pair: the content's fault.
      if (error instanceof TypeError) return undefined;
      throw error;
    }
  }
}

// 0x80 to 0x9F; the five blanks are not defined. Node's own windows-1252 has been an alias of latin1 in some releases.
const HIGH_CONTROLS = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

const utf8OfWindows1252: readonly (Uint8Array | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  if (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d)) return undefined;
  const character = byte >= 0x80 && byte < 0xa0 ? HIGH_CONTROLS[byte - 0x80] : String.fromCharCode(byte);
  return character === undefined || (character === ' ' && byte !== 0x20) ? undefined : Buffer.from(character, 'utf8');
});

/** The fallback for what is no UTF-8. Control characters mean that it is no text at all. */
export class Windows1252Transcoder implements Transcoder {
  decode(bytes: Uint8Array): Uint8Array | undefined {
    const utf8 = new Uint8Array(bytes.length * 3);
    let length = 0;
    for (const byte of bytes) {
      const character = utf8OfWindows1252[byte];
      if (character === undefined) return undefined;
      for (const unit of character) {
        utf8[length] = unit;
        length += 1;
      }
    }
    return utf8.subarray(0, length);
  }

  end(): Uint8Array {
    return new Uint8Array(0);
  }
}

export interface DecodedText {
  readonly text: string;
  /** No UTF-8, and read as windows-1252. */
  readonly isWindows1252: boolean;
}

/** A whole file as one text, by the rules of the readers that take it in pieces; undefined where it is no text. */
export function decodeText(bytes: Uint8Array): DecodedText | undefined {
  const { encoding, length } = byteOrderMark(bytes, 0, bytes.length);
  const content = bytes.subarray(length);
  if (encoding === 'utf-8' && isUtf8(content)) return { text: textOf(content), isWindows1252: false };
  const transcoder = encoding === 'utf-8' ? new Windows1252Transcoder() : new Utf16Transcoder(encoding);
  const decoded = transcoder.decode(content);
  const rest = transcoder.end();
  if (decoded === undefined || rest === undefined) return undefined;
  return { text: textOf(decoded) + textOf(rest), isWindows1252: encoding === 'utf-8' };
}

/** The beginning of a file, which may end in the middle of a character, to look at. */
export function decodeHead(bytes: Uint8Array): string {
  const { encoding, length } = byteOrderMark(bytes, 0, bytes.length);
  return new TextDecoder(encoding).decode(bytes.subarray(length), { stream: true });
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}
