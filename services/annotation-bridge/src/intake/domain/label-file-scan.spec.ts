import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { textHash } from '@assay/labels/document-key';
import { formatTable, parseTable } from '@assay/labels/formats/csv-table';
import { defaultSettings } from '@assay/labels/label-row';
import { labelMessageSchema, type LabelMessage } from '@assay/shared/contracts/label-message';
import { topics } from '@assay/shared/contracts/topics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelEntry } from './label-entry.ts';
import { encodeBatch } from '../../targets/files/domain/csv-batch.ts';
import { knownPrivacy } from '../../testing/known-privacy.ts';
import { forEachChunk, judgeFile } from './label-file-scan.ts';

const sha256 = 'f'.repeat(64);
const docId = 'a'.repeat(32);
const HEADER = 'doc_id,text,annotator_id,label,confidence_score,annotated_at';

async function chunksOf(
  content: string | Buffer,
  path = '2026/11/21/a.csv',
  settings = defaultSettings,
): Promise<readonly LabelEntry[][]> {
  const file = await judgeFile({ path, generation: 1, sha256 }, Buffer.from(content), settings);
  const chunks: LabelEntry[][] = [];
  await forEachChunk(file, knownPrivacy, async (entries) => void chunks.push([...entries]));
  return chunks;
}

const messagesIn = (chunks: readonly LabelEntry[][]): readonly LabelMessage[] =>
  chunks
    .flat()
    .flatMap((entry) => (entry.kind === 'message' ? [labelMessageSchema.parse(JSON.parse(entry.value))] : []));

const messagesOf = async (row: string): Promise<readonly LabelMessage[]> =>
  messagesIn(await chunksOf(`${HEADER}\n${row}\n`));

describe('a batch that went out with escaped formulas', () => {
  const sent = (text: string) => ({
    doc_id: docId,
    ticket_id: 'T',
    source: 's',
    datetime: '2026-11-21T09:30:00.000Z',
    priority: 2,
    text,
    fields: {},
  });
  const any = fc.string({
    unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '\n', 'a', ' ', '"', ',', ';', 'é'),
  });
  const texts = fc.array(
    any.filter((text) => text.trim() !== ''),
    { minLength: 1, maxLength: 20 },
  );

  /** The CSV as an annotator gives it back: with a label and a confidence, and without our columns but the text. */
  async function comeBack(all: readonly string[], hasEscapedFormulas: boolean): Promise<readonly LabelMessage[]> {
    const { rows } = parseTable(encodeBatch(all.map(sent), [], 'escape').toString());
    const records = rows.map(({ cells }) => ({ text: cells.get('text')!.text, label: 'bug', confidence_score: '0.9' }));
    const style = { separator: ',', lineEnd: '\r\n', isQuotingStrings: true } as const;
    const csv = formatTable(['text', 'label', 'confidence_score'], records, style);
    return messagesIn(await chunksOf(csv, 'a.csv', { ...defaultSettings, hasEscapedFormulas }));
  }

  it('names each document by the hash of the text that ingest stored', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (all) => {
        const messages = await comeBack(all, true);
        expect(messages.map(({ text }) => text)).toEqual(all);
        expect(messages.map(({ text_hash }) => text_hash)).toEqual(all.map(textHash));
      }),
    );
  });

  it('is read as it stands where nothing was escaped', async () => {
    const [message] = await comeBack(['=1+1'], false);
    expect(message).toMatchObject({ text: "'=1+1", text_hash: textHash("'=1+1") });
  });
});

describe('a label row as a message', () => {
  it.each([
    ['with a zone', '2026-11-21T10:00:00.123456+01:00', '2026-11-21T09:00:00.123456Z'],
    ['a day', '2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['what is no time', 'yesterday', null],
    ['an hour before the calendar', '0001-01-01T00:00:00+02:00', null],
    ['nothing', '', null],
  ])('shows annotated_at, %s', async (_name, given, shown) => {
    expect((await messagesOf(`${docId},t,ann,bug,0.9,${given}`))[0]?.annotated_at).toBe(shown);
  });

  it('names the document by the hash of its text where there is no doc_id', async () => {
    const [spaced] = await messagesOf(`,"  hello \n world ",ann,bug,0.9,`);
    const [plain] = await messagesOf(',hello world,ann,bug,0.9,');
    expect(spaced).toMatchObject({ doc_id: null, text: '  hello \n world ' });
    expect(spaced?.text_hash).toBe(plain?.text_hash);
  });

  it('keeps an anonymous vote', async () => {
    expect((await messagesOf(`${docId},t,,bug,0.9,`))[0]?.annotator_id).toBeNull();
  });

  it('shows a set of labels as one value, whatever its order', async () => {
    const [one] = await messagesOf(`${docId},t,ann,"[""b"",""a""]",0.9,`);
    const [other] = await messagesOf(`${docId},t,ann,"[""a"",""b""]",0.9,`);
    expect(one).toMatchObject({ value: ['a', 'b'] });
    expect(one?.label).toBe(other?.label);
  });

  it('drops a text too long for the topic, but not the vote', async () => {
    const limit = topics.labels.maxMessageBytes;
    const [message] = await messagesOf(`${docId},${'x'.repeat(limit)},ann,bug,0.9,`);
    expect(message).toMatchObject({ text: null, doc_id: docId, value: 'bug' });
  });

  it('rejects a label too long for the topic', async () => {
    const chunks = await chunksOf(`${HEADER}\n${docId},t,ann,${'x'.repeat(topics.labels.maxMessageBytes)},0.9,\n`);
    expect(chunks.flat()).toEqual([
      {
        kind: 'rejected',
        row: 1,
        key: '',
        digest: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
        reason: 'label_too_long',
        record: { too_long: expect.any(Number) as number },
        masked: {},
      },
    ]);
  });

  it.each(['field', 'tool'])('rejects a %s too long for a key', async (column) => {
    const chunks = await chunksOf(`${HEADER},${column}\n${docId},t,ann,bug,0.9,,${'é'.repeat(257)}\n`);
    expect(chunks.flat()).toMatchObject([{ kind: 'rejected', row: 1, reason: 'label_too_long' }]);
  });

  it.each(['T-1', 'A'.repeat(32), 'a'.repeat(33), '1.2E+31'])('rejects %s as a document', async (id) => {
    expect((await chunksOf(`${HEADER}\n${id},t,ann,bug,0.9,\n`)).flat()).toMatchObject([
      { kind: 'rejected', row: 1, reason: 'unknown_document' },
    ]);
  });

  it('always keeps the contract, and can always be stored', async () => {
    const cell = fc.string({ unit: 'grapheme' });
    const row = fc.record({
      doc_id: fc.constant(docId),
      text: cell,
      annotator: cell,
      label: cell,
      confidence: fc.double(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row), async (rows) => {
        const content = rows.map((each) => JSON.stringify(each)).join('\n');
        const entries = (await chunksOf(content, '2026/11/21/a.jsonl')).flat();
        expect(messagesIn([entries]).length).toBeLessThanOrEqual(rows.length);
        expect(JSON.stringify(entries)).not.toMatch(/\\u0000|\\ud[89a-f]/i);
      }),
    );
  });

  it('takes out what Postgres cannot hold', async () => {
    const row = { doc_id: docId, text: 'a\0b\ud800c', annotator: 'x\0', label: 'bug\0', confidence: 0.9 };
    const [message] = messagesIn(await chunksOf(JSON.stringify(row), '2026/11/21/a.jsonl'));
    expect(message).toMatchObject({ text: 'ab\ufffdc', annotator_id: 'x', value: 'bug', label: 'choice:bug' });
  });
});

describe('forEachChunk', () => {
  const rows = Array.from({ length: 20_000 }, (_, n) => `${docId},${hash('sha256', String(n))},ann,bug,0.9,`);
  const content = `${HEADER}\n${rows.join('\n')}\n`;

  it.each([
    ['plain', content],
    ['packed', gzipSync(content)],
  ])('hands on every row once and in order, a little at a time (%s)', async (_name, bytes) => {
    const chunks = await chunksOf(bytes);
    expect(chunks.length).toBeGreaterThan(1);
    expect(messagesIn(chunks).map(({ origin }) => origin.row)).toEqual(rows.map((_row, index) => index + 1));
  });

  it('reads nothing more while a chunk is being handled', async () => {
    const file = await judgeFile(
      { path: '2026/11/21/a.csv', generation: 1, sha256 },
      Buffer.from(content),
      defaultSettings,
    );
    let open = 0;
    let most = 0;
    await forEachChunk(file, knownPrivacy, async () => {
      most = Math.max(most, ++open);
      await Promise.resolve();
      open--;
    });
    expect(most).toBe(1);
  });

  it('passes on what its handler throws', async () => {
    const file = await judgeFile(
      { path: '2026/11/21/a.csv', generation: 1, sha256 },
      Buffer.from(content),
      defaultSettings,
    );
    await expect(forEachChunk(file, knownPrivacy, () => Promise.reject(new Error('Kafka is gone')))).rejects.toThrow(
      'Kafka is gone',
    );
  });

  it('passes on what its handler throws in the middle of a packed file', async () => {
    const file = await judgeFile(
      { path: '2026/11/21/a.csv.gz', generation: 1, sha256 },
      gzipSync(content),
      defaultSettings,
    );
    await expect(forEachChunk(file, knownPrivacy, () => Promise.reject(new Error('Kafka is gone')))).rejects.toThrow(
      'Kafka is gone',
    );
  });
});
