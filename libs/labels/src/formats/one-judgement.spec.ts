// A row is judged alike, whichever way it comes in: `assay convert`, the intake, `assay validate`.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../label-row.ts';
import type { SourceSettings } from '../label-row.ts';
import type { Label } from '../label.ts';
import { DEFAULT_FIELD, labelKey, labelText } from '../label.ts';
import { parseLabelCell } from '../label-cell.ts';
import { readLabels } from '../read-labels.ts';
import { convertLabels } from './convert-labels.ts';
import { findFormat, labelFormats } from './format-registry.ts';
import type { LabelFormat } from './label-format.ts';
import { plainCsv, plainLines } from './plain-labels.ts';
import { UnreadableContent } from './unreadable-content.ts';

const keep: SourceSettings = { ...defaultSettings, missingConfidence: 'keep' };

const cell = fc.oneof(
  fc.constantFrom('', ' ', 'bug', '["a"]', '[]', '{"choices":["a"]}', '4', 'd1', 'a\nb', 'x"y', 'a,b', 'a;b'),
  fc.string({ maxLength: 6 }),
);
const confidence = fc.oneof(
  fc.constantFrom('0.9', '1', '0x1', '1e-1', '95%', '95', '0,95', 'NaN', 'Infinity', '-0', ' 0.8 ', '.5', '5.', ''),
  cell,
);
const jsonCell = fc.oneof(cell, fc.double(), fc.boolean(), fc.constant(null), fc.array(cell, { maxLength: 2 }));

/** What became of every row: its key and confidence, or why it does not count. */
async function asLabelFile(content: string, settings: SourceSettings): Promise<unknown[] | string> {
  const { outcome, labels, rejected } = await readLabels('a.data', Buffer.from(content), settings);
  if (outcome.kind === 'rejected') return outcome.reason;
  return inOrder(labels, rejected);
}

function asConversion(format: LabelFormat, content: string): unknown[] | string {
  try {
    const { labels, rejected } = format.read(content, { path: 'a.data' });
    return inOrder(labels, rejected);
  } catch (error) {
    if (error instanceof UnreadableContent) return error.reason;
    throw error;
  }
}

/** The kind of a label is the conversion's; a vote has what its cell says. */
const voteOf = ({ docId, text, annotator, field, value, confidence: sure, annotatedAt }: Label) => {
  return [docId, text, annotator, field, labelKey(parseLabelCell(labelText(value))), sure, annotatedAt];
};

function inOrder(labels: readonly Label[], rejected: readonly { row: number; reason: string }[]): unknown[] {
  const rows = [
    ...labels.map((label) => ({ row: label.origin.row, is: voteOf(label) as unknown })),
    ...rejected.map(({ row, reason }) => ({ row, is: reason })),
  ];
  return rows.toSorted((left, right) => left.row - right.row).map(({ row, is }) => [row, is]);
}

describe('a row of our own columns', () => {
  const names = fc.constantFrom(
    ['text', 'label', 'confidence_score'],
    ['doc_id', 'text', 'annotator_id', 'label', 'confidence_score'],
    ['UNIQUE_DOC_ID', 'TicketText', 'worker', 'Label', 'LabelConfidence'],
    ['text', 'label'],
    ['text', 'label', 'Label', 'score'],
    ['a', 'b'],
  );
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const table = names.chain((header) => {
    const columns = header.map((name) => (/conf|score/i.test(name) ? confidence : cell).map(quoted));
    const odd = fc.array(cell.map(quoted), { minLength: 1, maxLength: 6 });
    return fc
      .array(fc.oneof({ weight: 5, arbitrary: fc.tuple(...columns) }, { weight: 1, arbitrary: odd }), { maxLength: 5 })
      .map((rows) => [header, ...rows].map((row) => row.join(',')).join('\n'));
  });
  const line = fc
    .record(
      { doc_id: jsonCell, text: jsonCell, annotator: jsonCell, label: jsonCell, score: fc.oneof(confidence, jsonCell) },
      { requiredKeys: ['label', 'score'] },
    )
    .map((row) => JSON.stringify(row));
  const lines = fc
    .array(fc.oneof({ weight: 6, arbitrary: line }, { weight: 1, arbitrary: fc.constantFrom('{"text":', '[1]', '3') }))
    .map((all) => all.join('\n'));

  it.each([
    ['csv', plainCsv, table],
    ['jsonl', plainLines, lines],
  ])('in %s is accepted or rejected alike in a conversion and in the intake', async (_name, format, files) => {
    await fc.assert(
      fc.asyncProperty(files, async (content) => {
        expect(asConversion(format, content)).toEqual(await asLabelFile(content, keep));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['csv', table],
    ['jsonl', lines],
  ])('in %s that is kept without a confidence is the one that the intake rejects for it', async (_name, files) => {
    await fc.assert(
      fc.asyncProperty(files, async (content) => {
        const kept = await asLabelFile(content, keep);
        const judged = await asLabelFile(content, defaultSettings);
        if (typeof judged === 'string') return judged === kept || judged === 'missing_column:confidence_score';
        const expected = (kept as [number, unknown[] | string][]).map(([row, is]) => {
          return [row, Array.isArray(is) && is[5] === null ? 'confidence_missing' : is];
        });
        expect(judged).toEqual(expected);
        return true;
      }),
    );
  });
});

describe('an answer of a tool', () => {
  const words = fc.constantFrom('billing', 'bug', 'My invoice, "7"', '😀 Ü', '["a"]', ' x ', '3');
  const label = fc.record({
    docId: fc.option(fc.constantFrom('d1', 'd2')),
    text: fc.option(words),
    annotator: fc.option(fc.constantFrom('3', 'ann@example.com', '89896fe1-82b3-4115-897c-55af3a8dc05b')),
    field: fc.constantFrom(DEFAULT_FIELD, 'mood'),
    value: fc.oneof(
      words.map((choice) => ({ kind: 'choice' as const, choice })),
      fc.array(words, { maxLength: 3 }).map((choices) => ({ kind: 'choices' as const, choices })),
      fc.integer({ min: 0, max: 5 }).map((rating) => ({ kind: 'rating' as const, rating })),
      words.map((text) => ({ kind: 'text' as const, text })),
      fc.array(fc.nat(9), { maxLength: 2 }).map((starts) => ({
        kind: 'spans' as const,
        spans: starts.map((start) => ({ start, end: start + 1, label: 'ORG' })),
      })),
    ),
    confidence: fc.option(fc.constantFrom(0, 0.5, 0.93, 1)),
    annotatedAt: fc.option(fc.constantFrom('2026-11-20T10:00:00Z', '2026-11-20T10:00:00.123456Z')),
  });
  const labels = fc.array(label, { minLength: 1, maxLength: 6 }).map((parts) =>
    parts.map((part, at): Label => {
      const origin = { tool: 'file', id: null, path: 'input', row: at + 1, version: null };
      // Their rows of Label Studio are known by these.
      const extra = { '@label-studio': { annotation: { id: at + 1, lead_time: 2.5 } } };
      return { ...part, partConfidences: null, origin, extra };
    }),
  );
  // CoNLL is known by the name of its file.
  const tools = labelFormats.filter(({ name }) => !/^(csv|jsonl|azure-ml-conll)$/.test(name));

  it.each(tools.map((format) => [format.name, format] as const))(
    'of %s is the vote that the same file gives when it is converted first',
    async (_name, format) => {
      await fc.assert(
        fc.asyncProperty(labels, async (all) => {
          const { content } = format.write(all);
          const result = format.read(content, { path: 'a.data' });
          fc.pre(result.labels.some(({ docId, text }) => docId !== null || text !== null));
          const converted = convertLabels(content, format, plainLines, { path: 'a.data', isAsideKept: false });
          const direct = await votesIn(content, format);
          expect(direct).toEqual(await votesIn(converted.content, plainLines));
        }),
        { numRuns: 100 },
      );
    },
  );

  /** The votes of a file of this format; of none where the format is not recognised in so few rows. */
  async function votesIn(content: string, format: LabelFormat): Promise<unknown[]> {
    if (content === '') return [];
    const { outcome, labels: found } = await readLabels('a.data', Buffer.from(content));
    const recognised = outcome.kind === 'read' ? outcome.notes.find(({ code }) => code === 'tool_export') : undefined;
    const isOurs = format === plainLines;
    fc.pre(isOurs || recognised !== undefined);
    return found.map(voteOf);
  }
});

describe('what a running server exported', () => {
  const file = (name: string) => readFileSync(new URL(`../../testdata/formats/${name}`, import.meta.url), 'utf8');
  const bodyOf = (name: string): string => {
    const { body } = (JSON.parse(file(name)) as { response: { body: unknown } }).response;
    return typeof body === 'string' ? body : JSON.stringify(body);
  };
  const assumed: SourceSettings = { ...defaultSettings, missingConfidence: 0.9 };

  it.each([
    ['label-studio', bodyOf('label-studio/export-json.json'), 8],
    ['label-studio', bodyOf('label-studio/tasks-list-fields-all.json'), 2],
    ['label-studio-min', bodyOf('label-studio/export-json-min.json'), 9],
    ['label-studio-csv', bodyOf('label-studio/export-csv.json'), 9],
    ['label-studio-tsv', bodyOf('label-studio/export-tsv.json'), 9],
    ['argilla', bodyOf('argilla/search-all.json'), 3],
    ['argilla', bodyOf('argilla/records-bulk-create-with-responses.json'), 2],
    ['azure-ml-csv', file('azure-ml/export.csv'), 6],
  ])('is read as %s without a word about what it is, and as if it had been converted', async (name, content, votes) => {
    const read = await readLabels('2026/11/21/labels', Buffer.from(content), assumed);
    expect(read.outcome).toMatchObject({ kind: 'read', rows: votes });
    expect(read.outcome).toMatchObject({ notes: expect.arrayContaining([{ code: 'tool_export', format: name }]) });
    expect(read.labels.map(({ origin }) => origin.row)).toEqual(read.labels.map((_label, at) => at + 1));
    const format = findFormat(name) as LabelFormat;
    const again = await readLabels(
      'a.csv',
      Buffer.from(convertLabels(content, format, plainCsv, { path: 'a' }).content),
      assumed,
    );
    expect(read.labels.map(voteOf)).toEqual(again.labels.map(voteOf));
  });

  it('names no document, where Azure ML left only its row numbers: the file says so once', async () => {
    const read = await readLabels('labeledDatapoints_1.jsonl', Buffer.from(file('azure-ml/labeledDatapoints_1.jsonl')));
    expect(read.outcome).toMatchObject({ kind: 'rejected', reason: 'missing_column:text', rows: 6 });
  });

  it('is known as well when it is packed, in UTF-16, or longer than the first look', async () => {
    const content = bodyOf('argilla/search-all.json');
    const [first, ...others] = (JSON.parse(content) as { items: { record: { fields: { text: string } } }[] }).items;
    const long = { items: [{ record: { ...first?.record, guidelines: 'x'.repeat(100_000) } }, ...others] };
    for (const bytes of [
      Buffer.from(`\ufeff${content}`, 'utf16le'),
      gzipSync(content),
      Buffer.from(JSON.stringify(long)),
      Buffer.from(JSON.stringify(long, null, 2)),
    ]) {
      const { outcome } = await readLabels('a', bytes, assumed);
      expect(outcome).toMatchObject({
        rows: 3,
        notes: expect.arrayContaining([{ code: 'tool_export', format: 'argilla' }]),
      });
    }
  });
});

describe('a file of our own columns stays ours', () => {
  it.each([
    ['with an address', 'text,url,label,confidence_score\na,http://x,bug,0.9\n'],
    ['with an address and a document', 'doc_id,url,Label,LabelConfidence\nd1,http://x,bug,0.9\n'],
    ['with a task', 'task,worker,text,label,score\n1,w,a,bug,0.9\n'],
    [
      'with the columns that we write',
      'doc_id,label,confidence_score,tool,annotation_id,op\nd1,bug,0.9,argilla,7,vote\n',
    ],
    ['with a list of labels', '{"text":"a","label":["bug"],"confidence_score":0.9}\n'],
    ['with an answer', '{"text":"a","label":"bug","confidence_score":0.9,"answer":"accept"}\n'],
    ['with a name of Prodigy', '{"text":"a","_annotator_id":"x","label":"bug","confidence_score":0.9}\n'],
    ['with the address of an image', '{"text":"a","image_url":"x","label":"bug","confidence_score":0.9}\n'],
    ['in an array', '[{"text":"a","label":"bug","confidence_score":0.9}]'],
    ['wrapped', '{"annotations":[{"text":"a","label":"bug","confidence_score":0.9}]}'],
  ])('%s', async (_case, content) => {
    const { outcome, labels } = await readLabels('a', Buffer.from(content));
    expect(outcome).toEqual({ kind: 'read', rows: 1, notes: [] });
    expect(labels).toHaveLength(1);
  });
});
