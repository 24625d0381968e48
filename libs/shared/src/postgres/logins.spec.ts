import { describe, expect, it } from 'vitest';
import { scramVerifier } from './logins.ts';

describe('what Postgres keeps of a password', () => {
  it('is that of RFC 7677', () => {
    const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
    expect(scramVerifier('pencil', salt)).toBe(
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    );
  });

  it('differs each time, so that equal passwords are not seen to be', () => {
    expect(scramVerifier('pencil')).not.toBe(scramVerifier('pencil'));
  });

  it.each(['', 'two words', 'pässword', 'a\n'])('is not made of %j, which would have to be normalised', (password) => {
    expect(() => scramVerifier(password)).toThrow('printable ASCII');
  });
});
