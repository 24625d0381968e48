import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { labelText } from './label.ts';
import { MAX_ANNOTATOR_BYTES, MAX_LABEL_BYTES, defaultSettings } from './label-row.ts';
import { readLabels } from './read-labels.ts';

const HEADER = 'text,annotator_id,label,confidence_score';

/** Rows as `text/annotator/label/confidence`, rejected rows as `#n reason`, a rejected file as its reason. */
async function read(content: string | Uint8Array, path = 'labels.csv', settings = defaultSettings): Promise<string[]> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const { outcome, labels, rejected } = await readLabels(path, bytes, settings);
  if (outcome.kind === 'rejected') return [outcome.reason];
  const accepted = labels.map(({ docId, text, annotator, value, confidence, origin }) => ({
    row: origin.row,
    shown: [docId ?? text, annotator ?? '-', labelText(value), confidence].join('/'),
  }));
  const failed = rejected.map(({ row, reason }) => ({ row, shown: `#${row} ${reason}` }));
  const notes = outcome.notes.map((note) => (note.code === 'repeated_header' ? `header+${note.count}` : note.code));
  return [...notes, ...[...accepted, ...failed].toSorted((a, b) => a.row - b.row).map(({ shown }) => shown)];
}

function utf16(text: string, isBigEndian: boolean): Buffer {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return isBigEndian ? bytes.swap16() : bytes;
}

describe('readLabels, CSV', () => {
  it.each<[string, string, string[]]>([
    ['reads quotes, newlines in quotes and CRLF', `${HEADER}\r\n"a ""b"",\nc",1,bug,0.9\r\n`, ['a "b",\nc/1/bug/0.9']],
    ['reads a last line without newline', `${HEADER}\na,1,bug,0.9`, ['a/1/bug/0.9']],
    ['reads semicolons', 'text;annotator;label;score\na,b;1;bug;0.9\n', ['a,b/1/bug/0.9']],
    ['reads tabs', 'text\tworker\tlabel\tscore\na,b\t1\tbug\t0.9\n', ['a,b/1/bug/0.9']],
    ['reads lone carriage returns', `${HEADER}\ra,1,bug,0.9\rb,1,bug,0.9\r`, ['a/1/bug/0.9', 'b/1/bug/0.9']],
    ['does not count blank lines', `\n${HEADER}\n\n  \na,1,bug,0.9\n\nb,1,,1\n`, ['a/1/bug/0.9', '#2 missing_label']],
    [
      'skips repeated headers',
      `${HEADER}\na,1,bug,0.9\n${HEADER}\n${HEADER}\nb,1,x,1\n`,
      ['header+2', 'a/1/bug/0.9', 'b/1/x/1'],
    ],
    [
      'rejects records of another length',
      `${HEADER}\na,1,bug\nb,1,bug,1,1\nc,1,bug,1\n`,
      ['#1 malformed_row', '#2 malformed_row', 'c/1/bug/1'],
    ],
    ['takes empty cells for a record', `${HEADER}\n,,,\n`, ['#1 missing_text']],
    ['takes a header alone for a good file', `${HEADER}\n`, []],
    [
      'takes the doc_id before the text',
      'doc_id,text,label,score\nd1,,a,1\n ,t,a,1\n,,a,1\n',
      ['d1/-/a/1', 't/-/a/1', '#3 missing_text'],
    ],
    ['keeps a quote in the middle of a cell', `${HEADER}\n5" disk,1,bug,1\n`, ['5" disk/1/bug/1']],
    ['keeps what follows a closing quote', `${HEADER}\n"a"b,1,bug,1\n`, ['ab/1/bug/1']],
    ['trims all cells but the text', `${HEADER}\n a , 1 , bug , 1 \n`, [' a /1/bug/1']],
    ['rejects an unterminated quote', `${HEADER}\na,1,bug,1\n"b,1,bug,1\n`, ['unterminated_quote']],
    ['rejects a header without names we know', 'a,b\n1,2\n', ['missing_header']],
    ['rejects an empty file', '', ['empty_file']],
    ['rejects white space alone', '\ufeff \n\n', ['empty_file']],
    ['rejects two names of one column', 'text,label,Label,score\n', ['duplicate_column:label']],
    ['rejects a missing column', 'text,label\na,b\n', ['missing_column:confidence_score']],
  ])('%s', async (_case, content, shown) => {
    expect(await read(content)).toEqual(shown);
  });

  it.each([
    ['', 'confidence_missing'],
    ['high', 'confidence_not_a_number'],
    ['NaN', 'confidence_not_a_number'],
    ['95%', 'confidence_not_a_number'],
    ['"0,95"', 'confidence_not_a_number'],
    ['0x1', 'confidence_not_a_number'],
    ['95', 'confidence_out_of_range'],
    ['-0.1', 'confidence_out_of_range'],
    ['1e999', 'confidence_out_of_range'],
  ])('rejects the confidence %s', async (cell, reason) => {
    expect(await read(`${HEADER}\na,1,bug,${cell}\n`)).toEqual([`#1 ${reason}`]);
  });

  it('tells the first reason that applies', async () => {
    expect(await read(`${HEADER}\n,1,,high\na,1,,high\n`)).toEqual(['#1 missing_text', '#2 missing_label']);
  });

  it('follows the settings of the source', async () => {
    const settings = { hasDecimalComma: true, missingConfidence: 0.5 };
    expect(await read('text;label;score\na;b;0,95\na;b;\n', 'a.csv', settings)).toEqual(['a/-/b/0.95', 'a/-/b/0.5']);
    expect(await read('text;label\na;b\n', 'a.csv', settings)).toEqual(['a/-/b/0.5']);
  });

  it('keeps unknown columns and the raw record of a rejected row', async () => {
    const content = Buffer.from('text,note,label,score,note\na,x,bug,1,y\nb,x,,1,y\nc\n');
    const { labels, rejected } = await readLabels('a.csv', content);
    expect(labels[0]?.extra).toEqual({ note: 'x', note_2: 'y' });
    expect(rejected.map(({ record }) => record)).toEqual([
      { text: 'b', note: 'x', label: '', score: '1', note_2: 'y' },
      ['c'],
    ]);
  });
});

describe('readLabels, encodings', () => {
  const content = `${HEADER}\nZürich — “ok” 😀,1,bug,0.9\n`;
  const shown = ['Zürich — “ok” 😀/1/bug/0.9'];

  it.each([
    ['UTF-8 with mark', Buffer.from(`\ufeff${content}`)],
    ['UTF-16 LE', utf16(content, false)],
    ['UTF-16 BE', utf16(content, true)],
    ['gzip', gzipSync(content)],
    ['two gzip members', Buffer.concat([gzipSync(content.slice(0, 50)), gzipSync(content.slice(50))])],
    ['zstd', zstdCompressSync(content)],
    ['UTF-16 in gzip', gzipSync(utf16(content, false))],
  ])('reads %s', async (_case, bytes) => {
    expect(await read(bytes)).toEqual(shown);
  });

  it('reads invalid UTF-8 as windows-1252 and says so', async () => {
    const bytes = Buffer.from(`${HEADER}\nZ\xfcrich \x97 \x93ok\x94 \x80,1,bug,0.9\n`, 'latin1');
    expect(await read(bytes)).toEqual(['read_as_windows_1252', 'Zürich — “ok” €/1/bug/0.9']);
  });

  it.each([
    ['a byte that windows-1252 does not define', Buffer.from(`${HEADER}\n\x81\xff,1,bug,1\n`, 'latin1')],
    ['half a UTF-16 character', utf16(content, false).subarray(0, -1)],
    ['half a surrogate pair', utf16(`${HEADER}\n\ud83d,1,a,1\n`, false)],
    ['UTF-16 without a mark', utf16(content, false).subarray(2)],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452000000ff', 'hex')],
    ['broken zstd', Buffer.concat([zstdCompressSync(content).subarray(0, 20), Buffer.alloc(20)])],
    ['truncated zstd', zstdCompressSync(content).subarray(0, 30)],
    [
      'two zstd frames, of which Node reads the first',
      Buffer.concat([zstdCompressSync(content.slice(0, 50)), zstdCompressSync(content.slice(50))]),
    ],
  ])('rejects %s', async (_case, bytes) => {
    expect(await read(bytes)).toEqual(['undecodable']);
  });

  it.each([
    ['truncated_gzip', gzipSync(content).subarray(0, -9)],
    ['truncated_gzip', gzipSync(content).subarray(0, 5)],
    ['bad_gzip', Buffer.concat([gzipSync(content).subarray(0, -8), Buffer.alloc(8)])],
    ['bad_gzip', Buffer.from('this is no gzip')],
    ['empty_file', gzipSync('')],
  ])('tells %s', async (reason, bytes) => {
    expect(await read(bytes, 'labels.csv.gz')).toEqual([reason]);
  });
});

describe('readLabels, JSON', () => {
  const first = '{"text":"a","annotator_id":1,"label":"bug","confidence_score":0.9}';
  const second = '{"text":"b","annotator_id":"x","label":["q","p"],"confidence_score":"0.5"}';
  const shown = ['a/1/bug/0.9', 'b/x/["p","q"]/0.5'];

  it.each([
    ['an array', 'a.json', `[${first},${second}]`],
    ['one object a line', 'a.json', `${first}\n${second}\n`],
    ['lines with blank ones', 'a.jsonl', `\n${first}\r\n\n${second}`],
    ['annotations', 'a.json', `{"annotations":[${first},${second}]}`],
    ['annotations behind other keys', 'a.json', `{"version":1,\n"annotations":[${first},${second}],"n":2}`],
    ['annotations before other keys', 'a.json', ` {"annotations" : [${first},${second}], "n":2}\n`],
    [
      'pretty-printed annotations',
      'a.json',
      JSON.stringify(JSON.parse(`{"annotations":[${first},${second}]}`), null, 2),
    ],
    ['a pretty-printed array', 'a.json', JSON.stringify(JSON.parse(`[${first},${second}]`), null, 2)],
    ['an array that calls itself lines', 'a.jsonl', `[${first},${second}]`],
    ['a pretty-printed array that calls itself lines', 'a.jsonl', `[\n${first},\n${second}\n]\n`],
    ['an array that calls itself CSV', 'a.csv', `[${first},${second}]`],
  ])('reads %s', async (_case, path, content) => {
    expect(await read(content, path)).toEqual(shown);
  });

  it.each<[string, string, string, string[]]>([
    [
      'a broken line',
      'a.jsonl',
      `${first}\n{"text":\n[1]\n${first}`,
      [shown[0] ?? '', '#2 malformed_row', '#3 malformed_row', shown[0] ?? ''],
    ],
    ['a broken first line', 'a.json', `{"text":\n${first}\n`, ['#1 malformed_row', shown[0] ?? '']],
    ['lines that are all broken', 'a.jsonl', 'oops\nagain\n', ['#1 malformed_row', '#2 malformed_row']],
    [
      'an element that is no object',
      'a.json',
      `[${first},3,null,"x"]`,
      [shown[0] ?? '', '#2 malformed_row', '#3 malformed_row', '#4 malformed_row'],
    ],
    ['an empty array', 'a.json', '[]', []],
    [
      'null and missing values',
      'a.json',
      '[{"text":null},{"text":"a","label":[]},{"text":"a","label":"b","score":null}]',
      ['#1 missing_text', '#2 missing_label', '#3 confidence_missing'],
    ],
    [
      'values that are no numbers',
      'a.json',
      '[{"text":"a","label":"b","score":true},{"text":"a","label":"b","score":[1]}]',
      ['#1 confidence_not_a_number', '#2 confidence_not_a_number'],
    ],
    ['a cut array', 'a.json', `[${first},${second.slice(0, 20)}`, ['malformed_json']],
    ['a cut wrapper', 'a.json', `{"annotations":[${first},`, ['malformed_json']],
    ['a comma too many', 'a.json', `[${first},]`, ['malformed_json']],
    ['something behind the array', 'a.json', `[${first}] x`, ['malformed_json']],
    ['a broken element', 'a.json', `[{"text":a}]`, ['malformed_json']],
    ['no JSON at all', 'a.json', 'text,label\na,b\n', ['malformed_json']],
    ['an object without annotations', 'a.json', '{\n"tasks": []\n}', ['malformed_json']],
    ['a number', 'a.json', '3', ['malformed_json']],
    [
      'two names of one column in two records',
      'a.jsonl',
      '{"text":"a","label":"b","score":1}\n{"text":"a","Label":"b","score":1}',
      ['duplicate_column:label'],
    ],
  ])('judges %s', async (_case, path, content, expected) => {
    expect(await read(content, path)).toEqual(expected);
  });

  it('keeps a broken line as it stands', async () => {
    const { rejected } = await readLabels('a.jsonl', Buffer.from(`${first}\n {"text": \n`));
    expect(rejected).toEqual([{ row: 2, reason: 'malformed_row', record: '{"text":' }]);
  });
});

describe('a label or an annotator id that is too long', () => {
  // Two bytes of UTF-8 for one letter: bytes are counted, not letters.
  const letters = (bytes: number) => 'é'.repeat(Math.floor(bytes / 2)) + 'x'.repeat(bytes % 2);
  const csv = (annotator: string, label: string) => `${HEADER}\nt,${annotator},${label},1\n`;
  const json = (annotator: string, label: string) =>
    JSON.stringify([{ text: 't', annotator_id: annotator, label, confidence_score: 1 }]);

  it.each([
    ['CSV', csv],
    ['JSON', json],
  ])('%s: takes what just fits, blanks around it apart', async (_, write) => {
    const [annotator, label] = [letters(MAX_ANNOTATOR_BYTES), letters(MAX_LABEL_BYTES)];
    expect(await read(write(` ${annotator} `, ` ${label} `))).toEqual([`t/${annotator}/${label}/1`]);
  });

  it.each([
    ['CSV', csv],
    ['JSON', json],
  ])('%s: rejects one byte more', async (_, write) => {
    expect(await read(write('1', letters(MAX_LABEL_BYTES + 1)))).toEqual(['#1 label_too_long']);
    expect(await read(write(letters(MAX_ANNOTATOR_BYTES + 1), 'a'))).toEqual(['#1 label_too_long']);
  });

  it('tells the other reasons first', async () => {
    const long = letters(MAX_LABEL_BYTES + 1);
    expect(await read(`${HEADER}\nt,1,${long},2\n`)).toEqual(['#1 confidence_out_of_range']);
  });
});
