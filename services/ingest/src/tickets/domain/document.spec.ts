import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentOf, textHash } from './document.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('the hash of a text, by which label files may name a document', () => {
  it.each([
    ['is of its UTF-8', 'a text', 'a text'],
    ['takes a run of white space as one space', 'a \t\r\n\u00A0 text', 'a text'],
    ['does not see white space around it', '\n a text \n', 'a text'],
    ['is of NFC', 'cafe\u0301', 'caf\u00E9'],
    ['sees capitals', 'A Text', 'A Text'],
    ['sees joiners', 'می\u200Cخواهم', 'می\u200Cخواهم'],
  ])('%s', (_what, text, canonical) => {
    expect(textHash(text)).toBe(sha256(canonical));
  });

  it('takes every run of white space, of any kind and length, as one space', () => {
    const characters = fc.constantFrom('a', ' ', '\t', '\n', '\r', '\u00A0', '\u2003', '\uFEFF');
    fc.assert(
      fc.property(fc.string({ unit: characters }), (text) => {
        expect(textHash(text)).toBe(sha256(text.replaceAll(/\s+/g, ' ').trim()));
      }),
    );
  });

  it('is the same after a spreadsheet or an editor has been at the white space', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme-ascii' }).filter((word) => /^\S+$/.test(word))), (words) => {
        expect(textHash(` ${words.join('\r\n')}\n`)).toBe(textHash(words.join(' ')));
      }),
    );
  });
});

describe('a document', () => {
  it('is the masked ticket under its id, with the hash of the masked text', () => {
    const ticket = {
      source: 'zendesk',
      ticketId: 'T-1042',
      text: 'Mail <EMAIL_1>',
      createdAt: null,
      priority: 2,
      fields: { channel: 'mail' },
    };
    const report = { counts: { EMAIL_ADDRESS: 1 }, places: {} };
    expect(documentOf('0'.repeat(32), { ticket, report })).toEqual({
      doc_id: '0'.repeat(32),
      source: 'zendesk',
      ticket_id: 'T-1042',
      text: 'Mail <EMAIL_1>',
      text_hash: sha256('Mail <EMAIL_1>'),
      priority: 2,
      fields: { channel: 'mail' },
      masked: report,
      created_at: null,
    });
  });
});
