import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { documentOf } from './document.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

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
