import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { azureMlConll } from './azure-ml-conll.ts';
import { azureMlCsv, azureMlLines } from './azure-ml.ts';
import { labelStudioJson } from './label-studio-json.ts';
import type { ReadSettings } from './label-format.ts';
import { parseManifest } from './row-manifest.ts';

const file = (name: string) =>
  readFileSync(new URL(`../../testdata/formats/azure-ml/${name}`, import.meta.url), 'utf8');

const FIRST = 'tickets_20260914T083000000Z_b-0914';
const SECOND = 'tickets_20260921T080000000Z_b-0921';
const manifestsOf = (...names: string[]) => names.map((name) => parseManifest(file(name), name));
const jsonManifests = manifestsOf(`${FIRST}.manifest.json`, `${SECOND}.manifest.json`);
const csvManifests = manifestsOf(`${FIRST}.csv`, `${SECOND}.csv`);

const read = (name: string, manifests: ReadSettings['manifests']) =>
  azureMlLines.read(file(name), { path: name, ...(manifests === undefined ? {} : { manifests }) });

const assumed = (where: string) => ({
  what: 'row',
  where,
  why: 'rows are counted from 0, as in the manifests; no text confirms it',
  isKept: false,
});

describe('documents of a rescued export', () => {
  it('are found through the manifests over both files, in the order of the dataset', () => {
    const first = read('labeledDatapoints_1.jsonl', jsonManifests);
    expect(first.losses).toEqual([assumed('labeledDatapoints_1.jsonl')]);
    expect(first.labels.map(({ docId, value }) => [docId, value])).toEqual([
      ['1234abcd5678ef901234abcd5678ef90', { kind: 'choice', choice: 'shipping' }],
      ['7c1f0a52d9e84b3f9a06c1d2e3f40516', { kind: 'choice', choice: 'billing' }],
      ['0b6d3e9f1a2c4d5e8f90a1b2c3d4e5f6', { kind: 'choice', choice: 'bug' }],
      ['f0e1d2c3b4a5968778695a4b3c2d1e0f', { kind: 'choice', choice: 'other' }],
      ['9e8d7c6b5a4f3e2d1c0b9a8f7e6d5c4b', { kind: 'choice', choice: 'login' }],
      ['aa00bb11cc22dd33ee44ff5566778899', { kind: 'choice', choice: 'refund' }],
    ]);
    const second = read('labeledDatapoints_2.jsonl', jsonManifests);
    expect(second.labels.map(({ docId }) => docId)).toEqual([
      '16180339887498948482045868343656',
      '31415926535897932384626433832795',
      '27182818284590452353602874713526',
      '14142135623730950488016887242097',
      null,
    ]);
    expect(second.losses).toEqual([
      assumed('labeledDatapoints_2.jsonl'),
      {
        what: 'docId',
        where: 'labeledDatapoints_2.jsonl#5',
        why: 'jsonlines_row_11.txt is no row of the 11 in the manifests',
        isKept: false,
      },
    ]);
  });

  it('go to other documents when the manifests come in another order', () => {
    const turned = read('labeledDatapoints_1.jsonl', jsonManifests.toReversed());
    expect(turned.labels[1]?.docId).toBe('31415926535897932384626433832795');
  });

  it('bring their texts back when the outgoing CSV itself is at hand', () => {
    const [shipping, , bug] = read('labeledDatapoints_1.jsonl', csvManifests).labels;
    expect(shipping?.text).toBe('Where is my parcel? It should have arrived on Monday');
    expect(bug?.text).toBe('App crashes when I open settings\nSteps: open, tap the gear, gone');
  });

  it('stay unknown, without a complaint, where no manifest is given', () => {
    const { labels, losses } = read('labeledDatapoints_1.jsonl', undefined);
    expect(labels.map(({ docId }) => docId)).toEqual([null, null, null, null, null, null]);
    expect(labels[0]?.extra['image_url']).toMatch(/jsonlines_row_3\.txt$/);
    expect(losses).toEqual([]);
  });

  it('several labels with a confidence each; the label is as sure as the least sure', () => {
    const { labels } = read('labeledDatapoints_multi.jsonl', jsonManifests);
    expect(labels[2]).toMatchObject({
      docId: '27182818284590452353602874713526',
      value: { kind: 'choices', choices: ['bug', 'urgent'] },
      partConfidences: [1, 0.92],
      confidence: 0.92,
    });
  });

  it('numbered from 1 are noticed by their texts', () => {
    const line = (row: number, text: string) =>
      JSON.stringify({ image_url: `x/jsonlines_row_${row}.txt`, label: 'a', text });
    const lines = [line(1, 'one'), line(2, 'two')].join('\n');
    const manifests = [parseManifest('doc_id,text\nd1,one\nd2,two\n', 'sent.csv')];
    const { labels, losses } = azureMlLines.read(lines, { path: 'x', manifests });
    expect(labels.map(({ docId }) => docId)).toEqual(['d1', 'd2']);
    expect(losses).toEqual([]);
  });

  it('numbered from 1 by a setting are taken at its word', () => {
    const settings = { path: 'labeledDatapoints_2.jsonl', manifests: jsonManifests, firstRow: 1 } as const;
    const { labels, losses } = azureMlLines.read(file('labeledDatapoints_2.jsonl'), settings);
    expect(labels.at(-1)?.docId).toBe('14142135623730950488016887242097');
    expect(losses).toEqual([]);
  });

  it('sent as one file each are found by the name of the file', () => {
    const manifests = [
      parseManifest('{"blob":"tickets/0001.txt","rows":[{"row":0,"doc_id":"d1"}]}', 'm1'),
      parseManifest('{"blob":"tickets/0002.txt","rows":[{"row":0,"doc_id":"d2"}]}', 'm2'),
    ];
    const line =
      '{"image_url":"AmlDatastore://mydatastore/tickets/0002.txt","label":["billing","urgent"],"label_confidence":[1.0,1.0]}';
    expect(azureMlLines.read(line, { path: 'x', manifests }).labels[0]?.docId).toBe('d2');
  });
});

describe('a text beside the row number', () => {
  it('is checked: another text is looked up by its hash, and what stays unclear is said', () => {
    const { labels, losses } = azureMlCsv.read(file('export.csv'), { path: 'export.csv', manifests: jsonManifests });
    expect(labels.map(({ docId }) => docId)).toEqual([
      '7c1f0a52d9e84b3f9a06c1d2e3f40516',
      '0b6d3e9f1a2c4d5e8f90a1b2c3d4e5f6',
      '31415926535897932384626433832795',
      '57721566490153286060651209008240',
      null,
      null,
    ]);
    expect(losses.map(({ what, where, why }) => [what, where, why])).toEqual([
      ['row', 'export.csv#2', 'found by its text: the row number has another text'],
      ['docId', 'export.csv#5', '2 documents have this text'],
      ['docId', 'export.csv#6', 'no row of the manifests has this text'],
    ]);
  });
});

describe('CoNLL', () => {
  it('gets its text and true offsets back from the outgoing CSV', () => {
    const { labels, losses } = azureMlConll.read(file('export.conll'), {
      path: 'export.conll',
      manifests: csvManifests,
    });
    const [invoice, login, nobody] = labels;
    expect(invoice).toMatchObject({
      docId: '7c1f0a52d9e84b3f9a06c1d2e3f40516',
      text: 'My invoice, number [INVOICE_1], is wrong: I was charged twice',
      value: { spans: [{ start: 19, end: 30, label: 'INVOICE' }] },
    });
    expect(login?.text?.slice(11, 23)).toBe('two accounts');
    expect(login?.value).toEqual({
      kind: 'spans',
      spans: [
        { start: 11, end: 23, label: 'QUANTITY' },
        { start: 45, end: 54, label: 'ORG' },
      ],
    });
    expect(nobody).toMatchObject({ docId: null, text: 'Somebody else' });
    expect(losses.map(({ where, why }) => [where, why])).toEqual([
      ['export.conll#3', 'no text of the manifests has these tokens'],
    ]);
  });
});

describe('rescued export → Label Studio → Azure ML', () => {
  const { labels } = read('labeledDatapoints_1.jsonl', csvManifests);
  const studio = labelStudioJson.write(labels);
  const back = labelStudioJson.read(studio.content, { path: 'tasks.json' });

  it('makes tasks that Label Studio imports: text and doc_id in the data, one annotation each, no ground truth', () => {
    const tasks = JSON.parse(studio.content) as { data: object; annotations: object[] }[];
    expect(tasks).toHaveLength(6);
    expect(tasks[1]).toMatchObject({
      data: {
        text: 'My invoice, number [INVOICE_1], is wrong: I was charged twice',
        doc_id: '7c1f0a52d9e84b3f9a06c1d2e3f40516',
        image_url: expect.stringMatching(/jsonlines_row_0\.txt$/),
      },
      annotations: [
        {
          ground_truth: false,
          was_cancelled: false,
          result: [{ from_name: 'label', to_name: 'text', type: 'choices', value: { choices: ['billing'] } }],
        },
      ],
    });
  });

  it('says that the confidence stands aside, and nothing else', () => {
    expect(studio.written).toBe(6);
    expect(studio.losses.map(({ what, isKept }) => [what, isKept])).toEqual(labels.map(() => ['confidence', true]));
  });

  it('comes back as the lines that were rescued', () => {
    const rescued = azureMlLines.write(back.labels, { isAsideKept: false });
    const parsed = (content: string): unknown[] =>
      content
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown);
    expect(parsed(rescued.content)).toEqual(parsed(file('labeledDatapoints_1.jsonl')));
    expect(new Set(rescued.losses.map(({ what }) => what))).toEqual(new Set(['docId', 'text']));
  });

  it('keeps the recovered documents in the lines themselves by default', () => {
    const kept = azureMlLines.read(azureMlLines.write(back.labels).content, { path: 'labeledDatapoints_1.jsonl' });
    expect(kept.labels.map(({ origin: _origin, ...label }) => label)).toEqual(
      labels.map(({ origin: _origin, ...label }) => label),
    );
  });
});
