import { sourceRecord } from '@assay/shared/testing/source-record';
import { describe, expect, it } from 'vitest';
import { decodeLabel } from './decode-label.step.ts';

const label = {
  v: 1,
  op: 'vote',
  doc_id: 'd'.repeat(32),
  text_hash: null,
  field: 'label',
  annotator_id: 'ann',
  label: 'choice:bug',
  value: 'bug',
  confidence_score: 0.9,
  annotated_at: '2026-11-21T09:30:00.000001+02:00',
  text: 'a text',
  origin: {
    path: '2026/11/21/a.csv',
    sha256: 'a'.repeat(64),
    generation: 2,
    row: 1,
    tool: 'file',
    tool_annotation_id: null,
  },
};

const decode = (value: Buffer | null) => decodeLabel({ ...sourceRecord(), value });
const decodeJson = (changes: object) => decode(Buffer.from(JSON.stringify({ ...label, ...changes })));

describe('decodeLabel', () => {
  it('accepts a label row as it came', () => {
    expect(decodeJson({})).toEqual({ kind: 'accepted', value: label });
  });

  it('takes a row whose sender does not count contents for one of before all of them', () => {
    const { generation: _, ...origin } = label.origin;
    expect(decodeJson({ origin })).toMatchObject({ kind: 'accepted', value: { origin: { generation: 0 } } });
  });

  const removal = { v: 1, op: 'remove', doc_id: 'd'.repeat(32), text_hash: null };
  const place = { path: '2026/11/21/a.csv', generation: 2, row: 1 };

  it('accepts that a row is no longer in its file, without what it said', () => {
    const value = { ...removal, origin: place };
    expect(decode(Buffer.from(JSON.stringify(value)))).toEqual({ kind: 'accepted', value });
  });

  it.each([
    ['a place of no row', { ...place, row: 0 }, 'origin.row'],
    ['a generation no table can hold', { ...place, generation: 2 ** 31 }, 'origin.generation'],
    ['NUL in the path', { ...place, path: 'a\0' }, 'origin.path'],
    ['a path of more than 1,024 bytes', { ...place, path: 'a'.repeat(1025) }, 'origin.path'],
  ])('refuses a removal with %s', (_name, origin, field) => {
    expect(decode(Buffer.from(JSON.stringify({ ...removal, origin })))).toMatchObject({
      kind: 'deadLettered',
      detail: expect.stringContaining(field) as string,
    });
  });

  it.each([
    ['an anonymous vote', { annotator_id: null }],
    ['a row without a doc_id', { doc_id: null, text_hash: 'b'.repeat(64) }],
    ['a withdrawal', { op: 'withdraw', origin: { ...label.origin, tool: 'label-studio', tool_annotation_id: '7' } }],
    ['a set', { label: 'choices:["a","b"]', value: ['a', 'b'] }],
    ['spans', { label: 'spans:[[0,3,"x"]]', value: [{ start: 0, end: 3, label: 'x' }] }],
    ['the answer that there is no span', { label: 'spans:[]', value: [] }],
    ['a span without a name', { label: 'spans:[[0,3,null]]', value: [{ start: 0, end: 3, label: null }] }],
    ['a rating', { label: 'rating:4.5', value: 4.5 }],
    ['a text', { label: 'text:so it is', value: 'so it is' }],
    [
      'emoji and Persian joiners',
      { text: '\u{1f469}\u200d\u{1f4bb} \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645' },
    ],
    ['an instant nobody can read', { annotated_at: null }],
  ])('accepts %s', (_, changes) => {
    expect(decodeJson(changes)).toEqual({ kind: 'accepted', value: { ...label, ...changes } });
  });

  it.each([
    ['no value', null],
    ['an empty value', Buffer.alloc(0)],
    ['no JSON', Buffer.from('{"v":1')],
    [
      'not UTF-8',
      Buffer.concat([Buffer.from(JSON.stringify(label).slice(0, -3)), Buffer.from([0xff]), Buffer.from('"}}')]),
    ],
  ])('refuses %s as undecodable', (_, value) => {
    expect(decode(value)).toMatchObject({ kind: 'deadLettered', code: 'DECODE_FAILED' });
  });

  it.each<[string, object, string]>([
    ['another version', { v: 2 }, 'v: '],
    ['an unknown op', { op: 'erase' }, 'op: '],
    ['a doc_id of another kind', { doc_id: '7' }, 'doc_id: '],
    ['a confidence above 1', { confidence_score: 1.01 }, 'confidence_score: '],
    ['an instant without a zone', { annotated_at: '2026-11-21T09:30:00' }, 'annotated_at: '],
    ['a row that is none', { origin: { ...label.origin, row: 0 } }, 'origin.row: '],
    ['a row no table can number', { origin: { ...label.origin, row: 2 ** 31 } }, 'origin.row: '],
    ['no field', { field: undefined }, 'field: '],
    ['a key without a kind', { label: 'bug' }, 'label: '],
    ['a key of an unknown kind', { label: 'mood:fine', value: 'xyzzy' }, 'label: '],
    ['no value', { value: undefined }, 'value: '],
    ['a value that is null', { value: null }, 'value: '],
    ['a choice that is a number', { value: 5 }, 'value: '],
    ['a set that is a word', { label: 'choices:["a","b"]', value: 'a' }, 'value: '],
    ['a span without an end', { label: 'spans:[[0,3,null]]', value: [{ start: 0, label: null }] }, 'value: '],
    ['a rating that is a word', { label: 'rating:3', value: '3' }, 'value: '],
    ['a field of more than 512 bytes', { field: 'é'.repeat(257) }, 'field: is longer than 512 bytes'],
    ['an annotator of more', { annotator_id: 'é'.repeat(257) }, 'annotator_id: is longer'],
    ['a tool of more', { origin: { ...label.origin, tool: 'é'.repeat(257) } }, 'origin.tool: is longer'],
    [
      'a path of more than 1,024 bytes',
      { origin: { ...label.origin, path: 'あ'.repeat(342) } },
      'origin.path: is longer',
    ],
    ['NUL in the text', { text: 'a\0b' }, 'text: '],
    ['half of a surrogate pair in the annotator', { annotator_id: '\ud83d' }, 'annotator_id: '],
    ['NUL inside the label', { label: 'choices:["a","b\0"]', value: ['a', 'b\0'] }, 'label: '],
    ['NUL inside the value', { label: 'spans:[[0,3,"x"]]', value: [{ start: 0, end: 3, label: '\0' }] }, 'value'],
    ['NUL in the name of a tool', { origin: { ...label.origin, tool: '\0' } }, 'origin.tool: '],
  ])('refuses %s, and names the field but not what it said', (_, changes, detail) => {
    const outcome = decodeJson(changes);
    expect(outcome).toMatchObject({ kind: 'deadLettered', code: 'CONTRACT_VIOLATED' });
    expect((outcome as { detail: string }).detail).toContain(detail);
    expect((outcome as { detail: string }).detail).not.toMatch(/\0|xyzzy/);
  });
});
