import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { docIdOf, parseIdentityKey, proofOf } from './identity.ts';

interface Golden {
  readonly identity: 'v1';
  readonly key: string;
  readonly vectors: readonly {
    readonly name: string;
    readonly source: string;
    readonly ticket_id: string;
    readonly text: string;
    /** How often the text is repeated; once when absent. */
    readonly repeat?: number;
    readonly doc_id: string;
  }[];
}

/**
 * Computed once by another implementation (Python's hmac and unicodedata) and never again by ours. Labels, decisions and gold
 * lines refer to these ids: a vector that fails means that every document of every installation would get another id.
 */
const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'identity.golden.json'), 'utf8')) as Golden;
const key = Buffer.from(golden.key, 'hex');
const idOf = (name: string) => golden.vectors.find((vector) => vector.name === name)!.doc_id;

describe('identity/v1', () => {
  it.each(golden.vectors)('$name', ({ source, ticket_id, text, repeat = 1, doc_id }) => {
    expect(docIdOf(key, source, ticket_id, text.repeat(repeat))).toBe(doc_id);
  });

  it.each([
    ['accents, composed (NFC)', 'accents, decomposed (NFD): the same document'],
    ['Korean, composed', 'Korean, decomposed: the same document'],
    ['a composed id', 'a decomposed id: the same document'],
    ['a singleton that NFC replaces: Kelvin sign', 'the letter it is: the same document'],
  ])('%s and %s', (one, other) => {
    expect(idOf(one)).toBe(idOf(other));
  });

  it('makes every other two vectors different', () => {
    const same = 4;
    expect(new Set(golden.vectors.map(({ doc_id }) => doc_id)).size).toBe(golden.vectors.length - same);
  });

  it('is 32 hex digits, whatever the ticket is', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string({ unit: 'binary' }), (source, ticketId, text) => {
        expect(docIdOf(key, source, ticketId, text)).toMatch(/^[0-9a-f]{32}$/);
      }),
    );
  });

  it('is the same for a text in any normal form that NFC makes equal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(docIdOf(key, 's', 't', text.normalize('NFD'))).toBe(docIdOf(key, 's', 't', text.normalize('NFC')));
      }),
    );
  });

  it('does not mix its parts: what moves from one to the next is another document', () => {
    expect(docIdOf(key, 'ab', 'c', 'd')).not.toBe(docIdOf(key, 'a', 'bc', 'd'));
    expect(docIdOf(key, 'a', 'bc', 'd')).not.toBe(docIdOf(key, 'a', 'b', 'cd'));
  });

  it('cannot be found by who has no key', () => {
    expect(docIdOf(Buffer.alloc(32), 's', 't', 'x')).not.toBe(docIdOf(key, 's', 't', 'x'));
  });
});

describe('an identity key', () => {
  const hex = 'aB'.repeat(32);
  it.each([
    ['64 hex digits', hex, { key: Buffer.from(hex, 'hex'), madeLocally: false }],
    ['one a local run made', `local-${hex}`, { key: Buffer.from(hex, 'hex'), madeLocally: true }],
    ['63 digits', hex.slice(1), null],
    ['65 digits', `${hex}a`, null],
    ['other letters', 'g'.repeat(64), null],
    ['nothing', '', null],
    ['a newline at its end', `${hex}\n`, null],
    ['another prefix', `remote-${hex}`, null],
  ])('%s', (_what, text, expected) => {
    expect(parseIdentityKey(text)).toEqual(expected);
  });
});

describe('what the database remembers of a key', () => {
  const proof = (digit: string) => proofOf(parseIdentityKey(digit.repeat(64))!);

  it('is frozen like the ids, or a service would refuse its own database', () => {
    expect(proofOf({ key, madeLocally: false })).toEqual({
      keyId: 'id-259273e9',
      checkValue: '42b8e866bcd3047bfcafbe9cdf73ed43',
    });
  });

  it('tells keys apart', () => {
    expect(proof('a')).not.toEqual(proof('b'));
    expect(proof('a')).toEqual(proof('a'));
  });

  it('says nothing of where the key was made: the same key stays the same', () => {
    expect(proofOf(parseIdentityKey(`local-${'a'.repeat(64)}`)!)).toEqual(proof('a'));
  });

  it('holds no part of the key', () => {
    const { keyId, checkValue } = proofOf({ key, madeLocally: false });
    expect(golden.key).not.toContain(keyId.slice(3));
    expect(golden.key).not.toContain(checkValue.slice(0, 8));
  });
});
