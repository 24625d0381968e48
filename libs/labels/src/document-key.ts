import { hash } from 'node:crypto';
import { spaceLength } from './white-space.ts';

// Which document a text stands for where no doc_id is known (docs/label-rules.md#5-documents). A text key and a doc_id
// never join: keys carry the prefix below, and whoever indexes them keeps the two kinds apart even for a doc_id that
// begins like one.

export const TEXT_KEY_PREFIX = 'text:';

/** Runs of white space that are not one plain space already: most spaces are, and replacing each costs 3 µs a ticket. */
const WHITE_SPACE = /\s{2,}|[^\S ]/g;

/** What leaves a text as it is but for spaces in a row and round it: most texts, and to find out takes a third of doing it. */
const NOT_PLAIN = /[^ -~]/;

/** NFC, white-space runs to one space, trimmed. */
export function documentText(text: string): string {
  if (!NOT_PLAIN.test(text) && !text.includes('  ')) return text.trim();
  return text.normalize('NFC').replaceAll(WHITE_SPACE, ' ').trim();
}

/** SHA-256 of the document's text in hex: what ingest writes to `documents.text_hash`, and what a label message carries
 * where its row names no doc_id. */
export function textHash(text: string): string {
  return hash('sha256', documentText(text), 'hex');
}

export function textKey(text: string): string {
  return `${TEXT_KEY_PREFIX}${textHash(text).slice(0, 32)}`;
}

const SPACE = 0x20;

/** The same key from UTF-8 bytes, without making a string of each text: half of a validation's time otherwise. */
export class TextKeys {
  #buffer = Buffer.alloc(64 * 1024);

  /** 32 hex digits, without the prefix. */
  digest(bytes: Uint8Array, start: number, end: number): string {
    const length = this.#normalize(bytes, start, end);
    return hash('sha256', this.#buffer.subarray(0, length), 'hex').slice(0, 32);
  }

  #normalize(bytes: Uint8Array, start: number, end: number): number {
    if (this.#buffer.length < end - start) this.#buffer = Buffer.alloc((end - start) * 2);
    const length = collapseSpaces(bytes, start, end, this.#buffer);
    if (length >= 0) return length;
    const text = documentText(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8'));
    // NFC can lengthen a text threefold in UTF-8.
    if (this.#buffer.length < text.length * 3) this.#buffer = Buffer.alloc(text.length * 3);
    return this.#buffer.write(text, 'utf8');
  }
}

const PLAIN = 0;
const ASCII_SPACE = 1;
// The lead byte of U+00A0, the only other white space below U+0300, among other things.
const MAY_BE_SPACE = 2;
const MAY_CHANGE = 3;

const kinds = new Uint8Array(256);
for (const code of [0x09, 0x0a, 0x0b, 0x0c, 0x0d, SPACE]) kinds[code] = ASCII_SPACE;
kinds[0xc2] = MAY_BE_SPACE;
kinds.fill(MAY_CHANGE, 0xcc);

const FIRST_UNSURE = 0xc2;

/** Writes the text with its white space collapsed and trimmed; -1 where it holds a character that NFC might change.
 * Below U+0300 (lead byte 0xCC) every text is in NFC already. */
function collapseSpaces(bytes: Uint8Array, start: number, end: number, to: Uint8Array): number {
  let length = 0;
  let at = start;
  for (;;) {
    // Words go by without a look at the table: a fifth of the time of this function.
    let byte = 0;
    while (at < end && (byte = bytes[at] ?? 0) > SPACE && byte < FIRST_UNSURE) {
      to[length] = byte;
      length += 1;
      at += 1;
    }
    if (at >= end) break;
    const kind = kinds[byte] ?? PLAIN;
    if (kind === MAY_CHANGE) return -1;
    if (kind === PLAIN || (kind === MAY_BE_SPACE && spaceLength(bytes, at, end) === 0)) {
      to[length] = byte;
      length += 1;
      at += 1;
      continue;
    }
    at += kind === MAY_BE_SPACE ? 2 : 1;
    if (length > 0 && to[length - 1] !== SPACE) {
      to[length] = SPACE;
      length += 1;
    }
  }
  return length > 0 && to[length - 1] === SPACE ? length - 1 : length;
}
