import { describe, expect, it } from 'vitest';
import type { Label, LabelValue } from '../label.ts';
import { labelJson } from '../label.ts';
import { toCodePoints, toCodeUnits } from './code-points.ts';
import { crowdKit } from './crowd-kit.ts';
import { parseTable } from './csv-table.ts';
import { detectFormat } from './detect-format.ts';
import { doccano } from './doccano.ts';
import { findFormat, labelFormats } from './format-registry.ts';
import { groundTruthManifest } from './ground-truth-manifest.ts';
import { UnreadableContent } from './unreadable-content.ts';
import { plainCsv, plainLines } from './plain-labels.ts';
import { prodigy } from './prodigy.ts';

const lines = (...records: object[]) => records.map((record) => JSON.stringify(record)).join('\n');
const at = { path: 'x' };

const bySageMaker = {
  'human-annotated': 'yes',
  'creation-date': '2026-11-20T10:00:00.000000',
  type: 'groundtruth/text-classification',
  'job-name': 'labeling-job/x',
};

describe('SageMaker Ground Truth', () => {
  const single = {
    source: 'My invoice is wrong',
    doc_id: 'd1',
    label: 0,
    'label-metadata': { 'class-name': 'billing', confidence: 0.8, ...bySageMaker },
  };
  const multi = {
    source: 'Document 1 text',
    jobs: [0, 4],
    'jobs-metadata': {
      ...bySageMaker,
      'class-map': { 0: 'action', 4: 'drama' },
      'confidence-map': { 0: 0.66, 4: 0.9 },
      type: 'groundtruth/text-classification-multilabel',
    },
  };
  const spans = {
    source: 'Diego Ramirez is an engineer in the high tech industry.',
    ner: {
      annotations: {
        entities: [{ endOffset: 13, startOffset: 0, label: 'ENGINEER' }],
        labels: [{ label: 'ENGINEER' }],
      },
    },
    'ner-metadata': { ...bySageMaker, entities: [{ confidence: 0.92 }], type: 'groundtruth/text-span' },
  };

  it('reads one class, several classes and spans, each with its confidence', () => {
    const { labels } = groundTruthManifest.read(lines(single, multi, spans), at);
    expect(labels.map(({ field, value, confidence }) => [field, value, confidence])).toEqual([
      ['label', { kind: 'choice', choice: 'billing' }, 0.8],
      ['jobs', { kind: 'choices', choices: ['action', 'drama'] }, 0.66],
      ['ner', { kind: 'spans', spans: [{ start: 0, end: 13, label: 'ENGINEER' }] }, 0.92],
    ]);
    expect(labels[1]?.partConfidences).toEqual([0.66, 0.9]);
    expect(labels[0]).toMatchObject({ docId: 'd1', text: 'My invoice is wrong', annotator: null });
  });

  it('writes the lines of the service as they were', () => {
    const { labels } = groundTruthManifest.read(lines(single, multi, spans), at);
    const { content, losses } = groundTruthManifest.write(labels);
    expect(losses).toEqual([]);
    expect(
      content
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([single, multi, spans]);
  });

  it('counts what no person labelled', () => {
    const { labels, notVotes } = groundTruthManifest.read(
      lines(
        { ...single, 'label-metadata': { ...single['label-metadata'], 'human-annotated': 'no' } },
        { ...single, label: -1, 'label-metadata': { ...bySageMaker, 'failure-reason': 'ClientError' } },
        { source: 'not in a job yet' },
      ),
      at,
    );
    expect(labels).toEqual([]);
    expect(notVotes).toEqual({ machine: 1, failed: 1, unlabelled: 1 });
  });
});

describe('doccano', () => {
  it.each<[string, object, LabelValue]>([
    ['one name', { label: ['billing'], Comments: [] }, { kind: 'choice', choice: 'billing' }],
    ['several', { label: ['billing', 'urgent'] }, { kind: 'choices', choices: ['billing', 'urgent'] }],
    [
      'spans in code points',
      { label: [[2, 6, 'ORG']] },
      { kind: 'spans', spans: [{ start: 3, end: 7, label: 'ORG' }] },
    ],
    [
      'entities with relations',
      { entities: [{ id: 1, label: 'ORG', start_offset: 2, end_offset: 6 }], relations: [] },
      { kind: 'spans', spans: [{ start: 3, end: 7, label: 'ORG' }] },
    ],
    ['an old export', { labels: ['billing'] }, { kind: 'choice', choice: 'billing' }],
  ])('reads and writes %s', (_, answer, value) => {
    const record = { id: 1, text: '😀 Acme', doc_id: 'd1', ...answer };
    const { labels } = doccano.read(lines(record), { ...at, annotator: 'ann' });
    expect(labels.map((label) => [label.docId, label.annotator, label.value])).toEqual([['d1', 'ann', value]]);
    const { content, losses } = doccano.write(labels.map((label) => ({ ...label, annotator: null })));
    expect(losses).toEqual([]);
    expect(JSON.parse(content)).toEqual(record);
  });

  it('counts what nobody has labelled', () => {
    expect(doccano.read(lines({ id: 1, text: 'a', label: [] }), at)).toMatchObject({
      labels: [],
      notVotes: { unlabelled: 1 },
    });
  });
});

describe('Prodigy', () => {
  const hashes = {
    _input_hash: -1,
    _task_hash: 1,
    _session_id: 'db-ann',
    _annotator_id: 'db-ann',
    _timestamp: 1_763_632_800,
  };

  it.each<[string, object, LabelValue]>([
    ['a choice', { options: [{ id: 'A', text: 'A' }], accept: ['A'] }, { kind: 'choice', choice: 'A' }],
    ['choices', { accept: ['A', 'B'] }, { kind: 'choices', choices: ['A', 'B'] }],
    ['a binary label', { label: 'A' }, { kind: 'choice', choice: 'A' }],
    ['a typed text', { user_input: 'because' }, { kind: 'text', text: 'because' }],
    [
      'spans with tokens',
      {
        tokens: [{ text: '😀', start: 0, end: 1, id: 0 }],
        spans: [{ start: 2, end: 6, label: 'ORG', token_start: 1, token_end: 1 }],
      },
      { kind: 'spans', spans: [{ start: 3, end: 7, label: 'ORG' }] },
    ],
    ['no entity', { spans: [] }, { kind: 'spans', spans: [] }],
  ])('reads and writes %s', (_, answer, value) => {
    const record = { text: '😀 Acme', meta: { source: 'mail', doc_id: 'd1' }, ...hashes, ...answer, answer: 'accept' };
    const { labels } = prodigy.read(lines(record), at);
    expect(labels.map((label) => [label.docId, label.annotator, label.annotatedAt, label.value])).toEqual([
      ['d1', 'db-ann', '2025-11-20T10:00:00Z', value],
    ]);
    const { content, losses } = prodigy.write(labels);
    expect(losses).toEqual([]);
    const { _annotator_id: _same, ...written } = JSON.parse(content) as Record<string, unknown>;
    const { _annotator_id: _name, ...expected } = record;
    expect(written).toEqual(expected);
  });

  it('does not take a rejection or a pass for a vote', () => {
    const answers = ['reject', 'ignore', 'accept'].map((answer) => ({ text: 'a', label: 'A', answer }));
    const { labels, notVotes } = prodigy.read(lines(...answers, { text: 'a', accept: [], answer: 'accept' }), at);
    expect(labels).toHaveLength(1);
    expect(notVotes).toEqual({ rejected: 1, ignored: 1, unlabelled: 1 });
  });
});

describe('crowd-kit', () => {
  it('reads and writes task, worker, label', () => {
    const table = 'task,worker,label\nd1,w1,bug\nd1,w2,"a, b"\nd2,,bug\n';
    const { labels } = crowdKit.read(table, at);
    expect(labels.map(({ docId, annotator, value }) => [docId, annotator, labelJson(value)])).toEqual([
      ['d1', 'w1', 'bug'],
      ['d1', 'w2', 'a, b'],
      ['d2', null, 'bug'],
    ]);
    expect(crowdKit.write(labels)).toMatchObject({ content: table, losses: [] });
  });

  it('names a task after its text where there is no doc_id, and keeps the rest aside', () => {
    const [label] = plainCsv.read('text,annotator_id,label,confidence_score\nhello,1,bug,0.9\n', at).labels;
    const { content, losses } = crowdKit.write(label === undefined ? [] : [label]);
    expect(content.split('\n')[1]).toMatch(/^text:[0-9a-f]{32},1,bug,/);
    expect(losses.map(({ what }) => what)).toEqual(['docId', 'text', 'confidence']);
    expect(crowdKit.read(content, at).labels[0]).toMatchObject({ docId: null, text: 'hello', confidence: 0.9 });
  });
});

describe('label files', () => {
  it('are written with the four columns of the original job first', () => {
    const original = 'text,annotator_id,label,confidence_score\n"My invoice is wrong",1,billing,0.93\n';
    const { labels } = plainCsv.read(original, at);
    expect(plainCsv.write(labels).content).toBe(
      'text,annotator_id,label,confidence_score,doc_id,field,annotated_at\nMy invoice is wrong,1,billing,0.93,,,\n',
    );
  });

  it.each(['95%', '95', 'NaN', 'high', '0,95'])('do not guess at a confidence of %s', (cell) => {
    const { labels, rejected, losses } = plainCsv.read(`text;label;confidence\na;bug;${cell}\n`, at);
    expect(labels).toEqual([]);
    const reason = cell === '95' ? 'confidence_out_of_range' : 'confidence_not_a_number';
    expect(rejected).toEqual([{ row: 1, reason, record: { text: 'a', label: 'bug', confidence: cell } }]);
    expect(losses).toEqual([{ what: 'label', where: 'x#1', why: expect.stringContaining(reason), isKept: false }]);
  });

  it('hold every kind of label as lines', () => {
    const values: LabelValue[] = [
      { kind: 'choice', choice: 'bug' },
      { kind: 'choices', choices: ['a', 'b'] },
      { kind: 'rating', rating: 4 },
      { kind: 'spans', spans: [{ start: 0, end: 2, label: null }] },
    ];
    const [first] = plainLines.read('{"text":"a","label":"x","confidence_score":0.9}', at).labels;
    const labels = values.map((value) => ({ ...(first as Label), value }));
    const { content, losses } = plainLines.write(labels);
    expect(losses).toEqual([]);
    expect(plainLines.read(content, at).labels.map(({ value }) => value)).toEqual(values);
  });

  it('lose a broken row and no other', () => {
    const { labels, losses } = plainCsv.read('text,label\na,bug\nb,bug,more\nc,bug\n', at);
    expect(labels.map(({ text }) => text)).toEqual(['a', 'c']);
    expect(losses).toEqual([
      { what: 'label', where: 'x#2', why: expect.stringContaining('malformed_row'), isKept: false },
    ]);
    const broken = plainLines.read('{"text":"a","label":"x"}\n{"text":\n[1]\n', at);
    expect(broken.labels).toHaveLength(1);
    expect(broken.losses.map(({ where }) => where)).toEqual(['x#2', 'x#3']);
  });

  it('that are no table at all are refused', () => {
    expect(() => parseTable('')).toThrow(UnreadableContent);
    expect(() => parseTable('text,label\n"a')).toThrow('never closed');
  });
});

describe('a confidence that is none', () => {
  const task = (rating: unknown) => [
    {
      data: { doc_id: 'd1' },
      annotations: [
        {
          id: 7,
          result: [
            { from_name: 'label', type: 'choices', value: { choices: ['bug'] } },
            { from_name: 'sure', type: 'choices', value: { choices: [rating] } },
          ],
        },
      ],
    },
  ];
  const record = (rating: unknown) => {
    const values = { label: { value: 'bug' }, sure: { value: rating } };
    return [{ external_id: 'd1', fields: {}, responses: [{ id: 'r', status: 'submitted', values }] }];
  };
  const job = (confidence: unknown) => ({ ...bySageMaker, 'class-name': 'bug', confidence });

  it.each<[string, string, (said: string) => string]>([
    ['azure-ml-csv', 'a cell', (said) => `Url,Label,LabelConfidence\nx,bug,${said}\n`],
    ['azure-ml', 'a line', (said) => lines({ image_url: 'x', label: ['bug'], label_confidence: [said] })],
    ['ground-truth', 'metadata', (said) => lines({ source: 'a', label: 0, 'label-metadata': job(said) })],
    [
      'label-studio-csv',
      'a column',
      (said) => `annotation_id,annotator,lead_time,text,label,confidence\n7,1,2,a,bug,${said}\n`,
    ],
    ['label-studio', 'a control', (said) => JSON.stringify(task(said))],
    ['argilla', 'a question', (said) => JSON.stringify(record(said))],
  ])('rejects the answer in %s, from %s, as in a file of our own', (name, _where, content) => {
    const settings = { ...at, confidence: { name: name.endsWith('csv') ? 'confidence' : 'sure', scale: 1 } };
    const read = (said: string) => findFormat(name)?.read(content(said), settings);
    expect(read('0.9')?.labels.map(({ confidence }) => confidence)).toEqual([0.9]);
    for (const [said, reason] of [
      ['0x1', 'confidence_not_a_number'],
      ['95%', 'confidence_not_a_number'],
      ['95', 'confidence_out_of_range'],
    ] as const) {
      const isNameless = name.startsWith('azure-ml');
      expect(read(said)).toMatchObject({
        labels: [],
        rejected: [{ row: 1, reason: isNameless ? 'missing_text' : reason }],
        losses: [{ what: 'label', where: 'x#1' }],
      });
    }
  });
});

describe('offsets behind an emoji', () => {
  it('count once in Python and twice in JavaScript', () => {
    const span = { start: 2, end: 6, label: 'ORG' };
    expect(toCodeUnits([span], '😀 Acme')).toEqual([{ start: 3, end: 7, label: 'ORG' }]);
    expect(toCodePoints([{ start: 3, end: 7, label: 'ORG' }], '😀 Acme')).toEqual([span]);
    expect(toCodePoints([{ start: 1, end: 9, label: null }], '😀 Acme')).toEqual([{ start: 0, end: 8, label: null }]);
    expect(toCodeUnits([span], null)).toEqual([span]);
  });
});

describe('which format it is', () => {
  const [label] = plainLines.read(
    '{"text":"a b","doc_id":"d","annotator_id":"1","label":"x","confidence_score":0.9}',
    at,
  ).labels;
  // Exports of Label Studio say more than we write.
  const certain = labelFormats.filter(({ name }) => !/^label-studio-(min|csv|tsv)$|conll$/.test(name));

  it.each(certain.map((format) => [format.name, format] as const))(
    '%s is recognised in what we write',
    (name, format) => {
      expect(detectFormat(format.write([label as Label]).content)).toBe(name);
    },
  );

  it.each([
    ['an unknown table', 'a,b\n1,2\n'],
    ['text and label only', '{"text":"a","label":"b"}'],
    ['nothing', ' \n'],
    ['lines of two formats', '{"image_url":"a","label":"b"}\n{"text":"a","label":["b"]}'],
    ['CoNLL without its name', 'My O\ninvoice O\n'],
  ])('is not guessed for %s', (_, content) => {
    expect(detectFormat(content)).toBeNull();
  });

  it('is CoNLL by the name of the file or its first line', () => {
    expect(detectFormat('My O\n', 'a/export.conll')).toBe('azure-ml-conll');
    expect(detectFormat('-DOCSTART- -X- O\n\nMy O\n')).toBe('azure-ml-conll');
  });

  it('every name is found once', () => {
    expect(new Set(labelFormats.map(({ name }) => name)).size).toBe(labelFormats.length);
    expect(findFormat('doccano')).toBe(doccano);
    expect(findFormat('excel')).toBeUndefined();
  });
});
