import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf, seal, unseal } from './sealed-bytes.ts';

const key = { id: 'one', key: Buffer.alloc(32, 7) };
const other = { id: 'two', key: Buffer.alloc(32, 8) };

describe('sealed bytes', () => {
  it('open to what was sealed, whatever it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (plain) => {
        expect(unseal(seal(plain, key), key)).toEqual(Buffer.from(plain));
      }),
    );
  });

  it('differ every time, so that nobody sees that the content is the same', () => {
    expect(seal(Buffer.from('a ticket'), key)).not.toEqual(seal(Buffer.from('a ticket'), key));
  });

  it('show nothing of the content', () => {
    const sealed = seal(Buffer.from('jane@example.com '.repeat(50)), key);
    expect(sealed.includes('jane')).toBe(false);
  });

  it('do not open with another key', () => {
    expect(() => unseal(seal(Buffer.from('a ticket'), key), other)).toThrow('authenticate');
  });

  it('do not open when any bit was changed', () => {
    const sealed = seal(Buffer.from('a ticket'), key);
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      expect(() => unseal(changed, key), `byte ${at}`).toThrow('authenticate');
    }
  });

  it.each([0, 5, 27])('do not open when only %i bytes of them are there', (length) => {
    const sealed = seal(Buffer.from('a ticket'), key);
    expect(() => unseal(sealed.subarray(0, length), key)).toThrow(/authenticat|Invalid/);
  });
});

describe('the digest of a content', () => {
  it('tells contents apart, and is the same for the same', () => {
    expect(digestOf(Buffer.from('a'), key)).toBe(digestOf(Buffer.from('a'), key));
    expect(digestOf(Buffer.from('a'), key)).not.toBe(digestOf(Buffer.from('b'), key));
  });

  it('cannot be computed by who has no key: a guess at the content proves nothing', () => {
    expect(digestOf(Buffer.from('a'), key)).not.toBe(digestOf(Buffer.from('a'), other));
  });
});
