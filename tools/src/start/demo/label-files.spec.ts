import { readLabels } from '@assay/labels/read-labels';
import { describe, expect, it } from 'vitest';
import type { BatchRow } from './batch-csv.ts';
import { brokenFileOf, dissentFileOf, labelFilesOf } from './label-files.ts';

const batch = '2026/11/21/20261121T101500123Z-6f3c.csv';
const rows: readonly BatchRow[] = Array.from({ length: 1500 }, (_, index) => ({
  docId: String(index).padStart(32, '0'),
  ticketId: `T-${index}`,
  source: 'mail',
  text: `The "invoice"; number ${index},\nis wrong.`,
}));

const read = async ({ name, content }: { name: string; content: Uint8Array }) => {
  const { outcome, labels, rejected } = await readLabels(name, content);
  return { outcome: outcome.kind, labels, rejected: rejected.map(({ reason }) => reason as string) };
};

describe('labelFilesOf', () => {
  const [alice, bob, carol] = labelFilesOf(batch, rows);

  it('writes one file a person below the day of the batch', () => {
    expect([alice, bob, carol].map((file) => file?.name)).toEqual([
      '2026/11/21/20261121T101500123Z-6f3c-alice.csv',
      '2026/11/21/20261121T101500123Z-6f3c-bob.csv',
      '2026/11/21/20261121T101500123Z-6f3c-carol.csv',
    ]);
  });

  it('gives the same bytes for the same batch', () => {
    expect(labelFilesOf(batch, rows)).toEqual(labelFilesOf(batch, rows));
  });

  it.each([
    ['alice', alice],
    ['bob', bob],
    ['carol', carol],
  ])('is read by the readers of label files, all but the rows that are broken on purpose: %s', async (name, file) => {
    const { outcome, labels, rejected } = await read(file!);
    expect(outcome).toBe('read');
    expect(labels.length + rejected.length).toBe(file?.rows);
    expect(rejected.length).toBeGreaterThan(0);
    expect(rejected.length).toBeLessThan(40);
    expect(new Set(labels.map(({ annotator }) => annotator))).toEqual(new Set([name]));
  });

  it('names the document by its id in some files and by its text alone in others', async () => {
    const [byId, byText] = [await read(alice!), await read(bob!)];
    expect(byId.labels.every(({ docId }) => docId !== null)).toBe(true);
    expect(byText.labels.every(({ docId }) => docId === null)).toBe(true);
    const texts = new Set(rows.map(({ text }) => text.replace(/\s+/g, ' ')));
    expect(byText.labels.every(({ text }) => texts.has((text ?? '').replace(/\s+/g, ' ')))).toBe(true);
  });
});

describe('dissentFileOf', () => {
  it('contradicts a few documents on which all last words agree', async () => {
    const { labels } = await read(dissentFileOf(batch, rows)!);
    expect(labels.length).toBeGreaterThan(2);
    const files = await Promise.all(labelFilesOf(batch, rows).map(read));
    for (const dissent of labels) {
      const last = files.flatMap((file) => {
        const own = file.labels.filter(({ docId, text }) =>
          docId === null ? text === dissent.text : docId === dissent.docId,
        );
        return own.at(-1) ?? [];
      });
      expect(new Set(last.map(({ value }) => JSON.stringify(value))).size).toBe(1);
      expect(last[0]?.value).not.toEqual(dissent.value);
    }
  });

  it('writes no file where there is nothing to say', () => {
    expect(dissentFileOf(batch, [])).toBeUndefined();
  });
});

describe('brokenFileOf', () => {
  it('is rejected as a whole', async () => {
    expect(await read(brokenFileOf(batch, rows))).toMatchObject({ outcome: 'rejected', labels: [] });
  });
});

it('refuses what is not an outgoing batch', () => {
  expect(() => labelFilesOf('notes.csv', rows)).toThrow(/not the name of an outgoing batch/);
});
