import { parseTable } from '@assay/labels/formats/csv-table';
import { parseManifest, textSha256 } from '@assay/labels/formats/row-manifest';
import { outgoingName } from '@assay/shared/contracts/blobs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutgoingDocument } from '../../outgoing-document.ts';
import { batchColumns, encodeBatch, encodeManifest } from './csv-batch.ts';

const documentOf = (text: string, fields: OutgoingDocument['fields'] = {}): OutgoingDocument => ({
  doc_id: 'd'.repeat(32),
  ticket_id: 'T-1',
  source: 'zendesk',
  datetime: '2026-11-21T09:30:00.000Z',
  priority: 2,
  text,
  fields,
});

const textsIn = (csv: Buffer): readonly string[] =>
  parseTable(csv.toString()).rows.map(({ cells }) => cells.get('text')!.text);

describe('encodeBatch', () => {
  it('writes RFC 4180', () => {
    expect(encodeBatch([documentOf('He said "no",\nthen left')], ['channel']).toString()).toBe(
      'doc_id,ticket_id,source,datetime,priority,text,channel\r\n' +
        `${'d'.repeat(32)},T-1,zendesk,2026-11-21T09:30:00.000Z,2,"He said ""no"",\nthen left",\r\n`,
    );
  });

  it.each(['=1+1', '+49 30', '-1', '@SUM(A1)', '\t=x', "'=1", ' lead and trail ', 'a\r\nb', '\r', '"', ',', ''])(
    'gives back %j as it was',
    (text) => {
      expect(textsIn(encodeBatch([documentOf(text)], []))).toEqual([text]);
    },
  );

  it('gives back any texts', () => {
    const text = fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', ';', '\t', 'a', 'ü', '😀', ' ', '=') });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (texts) => {
        expect(
          textsIn(
            encodeBatch(
              texts.map((each) => documentOf(each)),
              [],
            ),
          ),
        ).toEqual(texts);
      }),
    );
  });

  it('lets no cell begin like a formula where that is asked for, whoever wrote it', () => {
    const hostile = {
      ...documentOf('=HYPERLINK("http://x")', { tier: '+1', count: -1 }),
      ticket_id: '@T',
      source: '-s',
    };
    const [row] = parseTable(encodeBatch([hostile], ['tier', 'count'], 'escape').toString()).rows;
    const shown = ['text', 'tier', 'ticket_id', 'source', 'count'].map((name) => row!.cells.get(name)!.text);
    expect(shown).toEqual([`'=HYPERLINK("http://x")`, "'+1", "'@T", "'-s", '-1']);
  });

  it('shows further fields as text, and what is no text as JSON', () => {
    const fields = { channel: 'mail', customer: { tier: 2, tags: ['a', 'b'] }, none: null };
    const paths = ['channel', 'customer.tier', 'customer.tags', 'none', 'missing.too'];
    const [row] = parseTable(encodeBatch([documentOf('t', fields)], paths).toString()).rows;
    expect(paths.map((path) => row!.cells.get(path)!.text)).toEqual(['mail', '2', '["a","b"]', '', '']);
    expect([...row!.cells.keys()]).toEqual([...batchColumns, ...paths]);
  });
});

describe('encodeManifest', () => {
  const blob = outgoingName('0b9c3f3e-1111-4222-8333-444455556666', new Date('2026-11-21T10:15:00.123Z'));
  const rows = [{ row: 1, doc_id: 'd'.repeat(32), text_sha256: textSha256('hello') }];

  it('is what the rescue of exports reads', () => {
    expect(parseManifest(encodeManifest(blob, 'abc', rows).toString(), 'm')).toEqual({
      blob,
      rows: [{ docId: 'd'.repeat(32), textSha256: textSha256('hello'), text: null }],
    });
  });

  it('knows from the name when it was planned', () => {
    expect(JSON.parse(encodeManifest(blob, 'abc', rows).toString())).toMatchObject({
      sha256: 'abc',
      count: 1,
      created_at: '2026-11-21T10:15:00.123Z',
    });
  });
});
