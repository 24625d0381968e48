import { describe, expect, it } from 'vitest';
import { repair } from './repair-text.ts';

/** What a reader of the wrong encoding makes of UTF-8. */
const misread = (text: string, encoding: string) => new TextDecoder(encoding).decode(Buffer.from(text));

describe('repair', () => {
  it.each(['café', '’quoted’', '日本語', '😀 fine', 'Žižek — ok'])('turns a misread %s back', (text) => {
    expect(repair(misread(text, 'windows-1252'))).toBe(text);
    expect(repair(Buffer.from(text).toString('latin1'))).toBe(text);
  });

  it('turns back what was misread twice', () => {
    expect(repair(misread(misread('café', 'windows-1252'), 'windows-1252'))).toBe('café');
  });

  it.each(['naïve façade', 'Ärger über Öl', '3 × 4', 'plain'])('leaves %s alone', (text) => {
    expect(repair(text)).toBe(text);
  });

  it('never makes a NUL out of a control character', () => {
    expect(repair('caf\u00C3\u00A9\u0080')).not.toContain('\0');
  });

  it('removes what only hides words, and keeps the joiners', () => {
    expect(repair('\uFEFFca\u200Brd \u2060no')).toBe('card no');
    expect(repair('می\u200Cخواهم 👩\u200D💻')).toBe('می\u200Cخواهم 👩\u200D💻');
  });
});
