// Bodies of a running Argilla 2.8.0 server (testdata/formats/argilla).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Label } from '../label.ts';
import { labelJson } from '../label.ts';
import { argillaRecords } from './argilla-records.ts';
import type { Json } from './json-input.ts';

function bodyOf(name: string): Json {
  const file = new URL(`../../testdata/formats/argilla/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { response: { body: Json } }).response.body;
}

const read = (name: string, settings: object = {}) =>
  argillaRecords.read(JSON.stringify(bodyOf(name)), { path: name, ...settings });
const said = ({ docId, annotator, field, value }: Label) => [docId, annotator, field, labelJson(value)];

const ANN = 'cbade070-dec4-4d4c-834a-962f5a16c6ba';
const BOB = '89896fe1-82b3-4115-897c-55af3a8dc05b';

describe('Argilla records', () => {
  it('submitted responses are votes; discarded and empty ones and suggestions are counted', () => {
    const { labels, notVotes, losses } = read('search-all');
    expect(labels.map(said)).toEqual([
      ['d1', ANN, 'label', 'bug'],
      ['d1', ANN, 'confidence', 8],
      ['d1', BOB, 'label', 'bug'],
    ]);
    expect(notVotes).toEqual({ discarded: 4, unlabelled: 3, prediction: 4 });
    expect(losses).toEqual([]);
  });

  it('a rating question named for it is the confidence, on its scale', () => {
    const { labels } = read('search-all', { confidence: { name: 'confidence', scale: 10 } });
    expect(labels.map(({ field, annotator, confidence }) => [field, annotator, confidence])).toEqual([
      ['label', ANN, 0.8],
      ['label', BOB, null],
    ]);
  });

  it('drafts are not votes', () => {
    const draft = { ...bodyOf('records-bulk-create-with-responses') };
    const [record] = draft['items'] as [{ responses: Json[] }];
    const items = [{ ...record, responses: record.responses.map((each) => ({ ...each, status: 'draft' })) }];
    expect(argillaRecords.read(JSON.stringify({ items }), { path: '' })).toMatchObject({
      labels: [],
      notVotes: { draft: 2 },
    });
  });

  it('knows record, response and time', () => {
    const [label] = read('records-bulk-create-with-responses').labels;
    expect(label).toMatchObject({
      docId: 'd3',
      text: 'with response',
      annotatedAt: '2026-11-21T08:12:19.053174',
      origin: { tool: 'argilla', id: 'edbf615b-76e9-4e38-983c-801ca1cb8259', row: 1 },
      extra: { priority: 2 },
    });
  });

  it.each(['search-all', 'records-bulk-create-with-responses', 'search-filter-status'])(
    'writes the labelled records of %s as they were',
    (name) => {
      const { labels } = read(name);
      const { content, losses } = argillaRecords.write(labels);
      expect(losses).toEqual([]);
      const records = (bodyOf(name)['items'] as Json[]).map((item) => (item['record'] ?? item) as Json);
      const isSubmitted = (record: Json) =>
        (record['responses'] as Json[]).some((each) => each['status'] === 'submitted');
      const kept = records.filter(isSubmitted).map(({ suggestions: _suggestions, ...record }) => record);
      expect(JSON.parse(content)).toEqual({ items: kept });
    },
  );

  it('finds the document by external_id where the metadata do not name it', () => {
    const items = [{ fields: { text: 'a' }, metadata: { other: 1 }, external_id: 'e1', responses: [submitted('bug')] }];
    const { labels } = argillaRecords.read(JSON.stringify({ items }), { path: '' });
    expect(labels[0]).toMatchObject({ docId: 'e1', extra: { other: 1 } });
    expect(JSON.parse(argillaRecords.write(labels).content)).toMatchObject({
      items: [{ external_id: 'e1', metadata: { other: 1 } }],
    });
  });

  it('reads what the Python SDK exports, where responses are grouped by question', () => {
    const record = {
      id: 'd7',
      external_id: 'd7',
      fields: { text: 'I ❤️ Acme', subject: 'hello' },
      metadata: {},
      suggestions: { label: { value: 'bug', score: 0.4, agent: 'm' } },
      responses: {
        label: [
          { value: 'praise', user_id: ANN },
          { value: 'bug', user_id: BOB },
        ],
        topics: [{ value: ['a', 'b'], user_id: ANN }],
      },
    };
    const { labels, notVotes } = argillaRecords.read(JSON.stringify([record]), { path: '' });
    expect(labels.map(said)).toEqual([
      ['d7', ANN, 'label', 'praise'],
      ['d7', ANN, 'topics', ['a', 'b']],
      ['d7', BOB, 'label', 'bug'],
    ]);
    expect(notVotes).toEqual({ prediction: 1 });
  });

  it('reports a ranking, which no label of ours can say', () => {
    const ranking = { ...submitted('x'), values: { order: { value: [{ value: 'a', rank: 1 }] } } };
    const items = [{ fields: { text: 'a' }, external_id: 'e1', responses: [ranking] }];
    expect(argillaRecords.read(JSON.stringify({ items }), { path: 'p' }).losses).toEqual([
      { what: 'label', where: 'p#1', why: 'the answer to order is no label of ours', isKept: false },
    ]);
  });

  it('counts spans in code points, as Python does', () => {
    const entities = { ...submitted('x'), values: { entities: { value: [{ label: 'ORG', start: 8, end: 12 }] } } };
    const items = [{ fields: { text: 'I 😀😀 at Acme' }, external_id: 'e1', responses: [entities] }];
    const { labels } = argillaRecords.read(JSON.stringify({ items }), { path: '' });
    const [span] = labels[0]?.value.kind === 'spans' ? labels[0].value.spans : [];
    expect(labels[0]?.text?.slice(span?.start, span?.end)).toBe('Acme');
    expect(JSON.parse(argillaRecords.write(labels).content)).toMatchObject({ items: [{ responses: [entities] }] });
  });

  it('gives people without an Argilla id one of their own, and says so', () => {
    const { labels } = read('records-bulk-create-with-responses');
    const people = labels.map((label, at) => ({
      ...label,
      annotator: ['ann@example.com', null][at] ?? null,
      extra: {},
    }));
    const { content, losses } = argillaRecords.write(people);
    expect(losses.map(({ what, isKept }) => [what, isKept])).toEqual([
      ['annotator', true],
      ['annotator', true],
    ]);
    const [record] = (JSON.parse(content) as { items: [{ responses: { user_id: string }[] }] }).items;
    expect(new Set(record.responses.map(({ user_id }) => user_id)).size).toBe(2);
    expect(argillaRecords.read(content, { path: '' }).labels.map(({ annotator }) => annotator)).toEqual([
      'ann@example.com',
      null,
    ]);
  });
});

function submitted(value: string): Json {
  return { user_id: ANN, status: 'submitted', values: { label: { value } } };
}
