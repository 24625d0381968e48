// Exports of Label Studio 1.23.2 as a running server sent them (testdata/formats/label-studio).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Label } from '../label.ts';
import { labelJson } from '../label.ts';
import type { Json } from './json-input.ts';
import { labelStudioJson } from './label-studio-json.ts';
import { labelStudioCsv, labelStudioMin, labelStudioTsv } from './label-studio-rows.ts';

function bodyOf(name: string): unknown {
  const file = new URL(`../../testdata/formats/label-studio/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { response: { body: unknown } }).response.body;
}

const text = (name: string): string => {
  const body = bodyOf(name);
  return typeof body === 'string' ? body : JSON.stringify(body);
};

const asVotes = { path: 'export', groundTruth: 'vote' } as const;
const said = ({ docId, annotator, value, origin }: Label) => [origin.id, docId, annotator, labelJson(value)];
const sorted = (labels: readonly Label[]) => labels.map(said).toSorted(([a], [b]) => Number(a) - Number(b));

describe('Label Studio JSON', () => {
  const result = labelStudioJson.read(text('export-json'), { path: 'export' });

  it('takes every annotation that is a vote, and counts the rest', () => {
    expect(result.labels.map(said)).toEqual([
      ['1', 'd41d01', '1', 'bug'],
      ['2', 'd41d01', '1', 'bug'],
      ['4', 'd41d09', '1', 'not-an-option'],
      ['9', 'h1', '1', 'bug'],
      ['10', 'h1', '1', 'bug'],
      ['12', 'h2', '1', 'bug'],
      ['13', 'u1', '2', 'bug'],
      ['14', 'u1', '1', 'billing'],
    ]);
    expect(result.notVotes).toEqual({ skipped: 1, ground_truth: 1, draft: 1, prediction: 5 });
    expect(result.losses).toEqual([]);
  });

  it('keeps ground truth as a reference, or as a vote where a project says so', () => {
    expect(result.references.map(said)).toEqual([['3', 'd41d04', '1', 'bug']]);
    const asVote = labelStudioJson.read(text('export-json'), asVotes);
    expect(asVote.references).toEqual([]);
    expect(asVote.labels).toHaveLength(9);
  });

  it('knows the document, the time and the rest of the task', () => {
    expect(result.labels[0]).toMatchObject({
      text: 'My invoice is wrong',
      field: 'label',
      confidence: null,
      annotatedAt: '2026-11-21T08:01:37.363707Z',
      origin: { tool: 'label-studio', id: '1', path: 'export', row: 1, version: '2026-11-21T08:01:37.363707Z' },
      extra: { datetime: '2026-11-20T10:00:00Z', priority: 2 },
    });
  });

  it.each(['export-json', 'export-json-ids', 'snapshot-download-json'])(
    'writes %s as it was, to the last id',
    (name) => {
      const tasks = bodyOf(name) as Json[];
      const { labels, references } = labelStudioJson.read(text(name), asVotes);
      const { content, losses } = labelStudioJson.write([...labels, ...references]);
      expect(losses).toEqual([]);
      // Skipped annotations, drafts and predictions are no labels.
      const kept = tasks.map(({ drafts: _drafts, predictions: _predictions, ...task }) => {
        const annotations = (task['annotations'] as Json[]).filter(
          (annotation) => annotation['was_cancelled'] !== true,
        );
        return { ...task, annotations };
      });
      expect(JSON.parse(content)).toEqual(kept);
    },
  );

  it('reads a page of the data manager and the files of export storage', () => {
    const page = labelStudioJson.read(text('tasks-list-fields-all'), { path: 'page' });
    expect(page.labels.map(said)).toEqual([
      ['1', 'd41d01', '1', 'bug'],
      ['2', 'd41d01', '1', 'bug'],
    ]);
    expect(page.notVotes).toMatchObject({ unlabelled: 1 });
    const [{ annotations, ...task }] = bodyOf('export-json') as [{ annotations: [Json] }];
    const stored = labelStudioJson.read(JSON.stringify({ ...annotations[0], task }), { path: '1' });
    expect(stored.labels.map(said)).toEqual([['1', 'd41d01', '1', 'bug']]);
  });
});

describe('one project, exported four ways, holds the same votes', () => {
  const json = sorted(labelStudioJson.read(text('export-json'), asVotes).labels);

  it.each([
    ['JSON_MIN', labelStudioMin, 'export-json-min'],
    ['CSV', labelStudioCsv, 'export-csv'],
    ['TSV', labelStudioTsv, 'export-tsv'],
  ])('%s', (_, format, name) => {
    const { labels, losses, notVotes } = format.read(text(name), { path: name });
    expect(sorted(labels)).toEqual(json);
    expect([losses, notVotes]).toEqual([[], {}]);
  });

  it('as do the two downloads of a snapshot, by e-mail', () => {
    const snapshot = sorted(labelStudioJson.read(text('snapshot-download-json'), asVotes).labels);
    expect(sorted(labelStudioCsv.read(text('snapshot-download-csv'), { path: '' }).labels)).toEqual(snapshot);
    expect(snapshot[0]?.[2]).toBe('assay@example.com');
  });

  it('and JSON_MIN, CSV and TSV are written as Label Studio writes them', () => {
    const { labels } = labelStudioMin.read(text('export-json-min'), { path: '' });
    expect(JSON.parse(labelStudioMin.write(labels).content)).toEqual(bodyOf('export-json-min'));
    // Python writes 2.0 where JavaScript has 2 only.
    const asJavaScript = (table: string) => table.replaceAll(/,2\.0,|\t2\.0\t/g, (cell) => cell.replace('.0', ''));
    expect(labelStudioCsv.write(labelStudioCsv.read(text('export-csv'), { path: '' }).labels).content).toBe(
      asJavaScript(text('export-csv')),
    );
    expect(labelStudioTsv.write(labelStudioTsv.read(text('export-tsv'), { path: '' }).labels).content).toBe(
      asJavaScript(text('export-tsv')),
    );
  });
});

describe('controls of Label Studio', () => {
  const region = (type: string, value: Json, name = 'label') => ({ from_name: name, to_name: 'text', type, value });
  const read = (result: readonly object[], settings: object = {}) => {
    const task = {
      data: { text: 'Apple pays Ann 5 €', doc_id: 'd1' },
      annotations: [{ id: 7, completed_by: 3, result }],
    };
    return labelStudioJson.read(JSON.stringify([task]), { path: 'x', ...settings });
  };

  it.each<[string, readonly object[], unknown]>([
    ['several choices', [region('choices', { choices: ['b', 'a'] })], { kind: 'choices', choices: ['b', 'a'] }],
    [
      'a taxonomy',
      [region('taxonomy', { taxonomy: [['Eukarya', 'Animal']] })],
      { kind: 'choice', choice: 'Eukarya / Animal' },
    ],
    ['stars', [region('rating', { rating: 4 })], { kind: 'rating', rating: 4 }],
    ['a number', [region('number', { number: 0.85 })], { kind: 'rating', rating: 0.85 }],
    ['text', [region('textarea', { text: ['one', 'two'] })], { kind: 'text', text: 'one\ntwo' }],
    ['a pair', [region('pairwise', { selected: 'left' })], { kind: 'choice', choice: 'left' }],
    [
      'spans, one with two labels',
      [
        region('labels', { start: 0, end: 5, text: 'Apple', labels: ['ORG', 'BRAND'] }),
        region('labels', { start: 11, end: 14, text: 'Ann', labels: ['PER'] }),
      ],
      {
        kind: 'spans',
        spans: [
          { start: 0, end: 5, label: 'ORG' },
          { start: 0, end: 5, label: 'BRAND' },
          { start: 11, end: 14, label: 'PER' },
        ],
      },
    ],
    [
      'spans of HyperText',
      [
        region('hypertextlabels', {
          start: '/div[1]/text()[1]',
          end: '/div[1]/text()[1]',
          globalOffsets: { start: 0, end: 5 },
          hypertextlabels: ['ORG'],
        }),
      ],
      { kind: 'spans', spans: [{ start: 0, end: 5, label: 'ORG' }] },
    ],
  ])('%s', (_, result, value) => {
    const { labels } = read(result);
    expect(labels.map((label) => label.value)).toEqual([value]);
    expect(labelStudioJson.write(labels).losses).toEqual([]);
  });

  it('two controls of one annotation are two fields', () => {
    const { labels } = read([region('choices', { choices: ['a'] }), region('choices', { choices: ['bad'] }, 'mood')]);
    expect(labels.map(({ field }) => field)).toEqual(['label', 'mood']);
    const [task] = JSON.parse(labelStudioJson.write(labels).content) as [{ annotations: unknown[] }];
    expect(task.annotations).toHaveLength(1);
  });

  it('a control named for it is the confidence of the others, on its scale', () => {
    const result = [region('choices', { choices: ['a'] }), region('rating', { rating: 4 }, 'sure')];
    const { labels } = read(result, { confidence: { name: 'sure', scale: 5 } });
    expect(labels.map(({ field, confidence }) => [field, confidence])).toEqual([['label', 0.8]]);
    expect(read(result).labels.map(({ field }) => field)).toEqual(['label', 'sure']);
  });

  it('a brush is reported, not dropped in silence', () => {
    const { labels, losses } = read([region('brushlabels', { rle: [1] })]);
    expect(labels).toEqual([]);
    expect(losses).toEqual([
      { what: 'label', where: 'x#1', why: 'a control of type brushlabels is no label of ours', isKept: false },
    ]);
  });

  it('an annotation with nothing in it is counted', () => {
    expect(read([]).notVotes).toEqual({ unlabelled: 1 });
  });
});

describe('what stands aside in a task', () => {
  const vote: Label = {
    docId: 'd1',
    text: 'My invoice is wrong',
    annotator: 'worker-7',
    field: 'label',
    value: { kind: 'choice', choice: 'billing' },
    confidence: 0.93,
    partConfidences: null,
    annotatedAt: '2026-11-20T10:00:00Z',
    origin: { tool: 'file', id: null, path: 'a.csv', row: 4, version: null },
    extra: {},
  };
  const { content, losses } = labelStudioJson.write([vote]);
  const editable = () =>
    JSON.parse(content) as [{ meta: Json; annotations: [{ completed_by?: number; result: [{ value: Json }] }] }];

  it('is reported with where it came from', () => {
    expect(losses.map(({ what, where, isKept }) => [what, where, isKept])).toEqual([
      ['annotator', 'a.csv#4', true],
      ['confidence', 'a.csv#4', true],
      ['annotatedAt', 'a.csv#4', true],
    ]);
  });

  it('survives what Label Studio does on import: ids, times, the importing user', () => {
    const [task] = editable();
    const [annotation] = task.annotations;
    const imported = { ...annotation, id: 3, completed_by: 1, updated_at: '2026-11-21T08:00:00Z' };
    const { labels } = labelStudioJson.read(JSON.stringify([{ id: 9, ...task, annotations: [imported] }]), {
      path: '',
    });
    expect(labels[0]).toMatchObject({ annotator: 'worker-7', confidence: 0.93, annotatedAt: '2026-11-20T10:00:00Z' });
  });

  it('is not put on a label that somebody changed since', () => {
    const tasks = editable();
    tasks[0].annotations[0].result[0].value = { choices: ['bug'] };
    tasks[0].annotations[0].completed_by = 5;
    const result = labelStudioJson.read(JSON.stringify(tasks), { path: 'x' });
    expect(result.labels[0]).toMatchObject({ annotator: '5', confidence: null, annotatedAt: null });
    expect(result.losses.map(({ what, where }) => [what, where])).toEqual([['aside', 'x#1']]);
  });

  it('finds its own label where imported regions repeat their ids', () => {
    const [task] = bodyOf('export-json-ids') as [{ annotations: { result: [Json] }[] }];
    for (const annotation of task.annotations) annotation.result[0] = { ...annotation.result[0], id: 'r1' };
    const { labels } = labelStudioJson.read(JSON.stringify([task]), asVotes);
    const rated = labels.map((label, at) => ({ ...label, confidence: at / 10 }));
    const back = labelStudioJson.read(labelStudioJson.write(rated).content, asVotes);
    expect(back.labels.map(({ confidence }) => confidence)).toEqual([0, 0.1]);
    expect(back.losses).toEqual([]);
  });

  it('goes into a control of the project where one is named', () => {
    const named = labelStudioJson.write([vote], { confidenceControl: 'sure' });
    expect(named.losses.map(({ what }) => what)).toEqual(['annotator', 'annotatedAt']);
    const settings = { path: '', confidence: { name: 'sure', scale: 1 } };
    expect(labelStudioJson.read(named.content, settings).labels[0]?.confidence).toBe(0.93);
  });
});
