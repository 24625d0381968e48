import { readFileSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { HEADER, LF, csv, nasty, rejected, utf16 } from './nasty-file.ts';
import type { NastyFile } from './nasty-file.ts';
import { nastyCsvFiles } from './nasty-csv-files.ts';

const row = (text: string, label: unknown = 'a', score: unknown = 0.9) =>
  JSON.stringify({ text, annotator_id: 1, label, confidence_score: score });

const json = [
  nasty('json/array.json', `[${row('array')}]`, { rows: 1, gold: 1 }),
  nasty('json/annotations.json', `{"version": 2, "annotations": [${row('annotations')}]}`, { rows: 1, gold: 1 }),
  nasty('json/lines.jsonl', `\ufeff${row('lines')}${LF}${LF}{"broken":${LF}[]${LF}${row('lines 2')}`, {
    rows: 4,
    rejected: { malformed_row: 2 },
    gold: 2,
  }),
  nasty('json/utf16.json', utf16(`[${row('utf16 json')}]`), { rows: 1, gold: 1 }),
  nasty('json/empty-array.json', '[]', { rows: 0, gold: 0 }),
  nasty('json/truncated.json', `[${row('x')},${row('y')}`, 'malformed_json'),
  nasty('json/trailing-comma.json', `[${row('x')},]`, 'malformed_json'),
  nasty('json/nan.json', `[{"text":"x","label":"a","score":NaN}]`, 'malformed_json'),
  nasty('json/nan.jsonl', `{"text":"x","label":"a","score":NaN}${LF}`, rejected('malformed_row')),
  nasty('json/single-quotes.json', `[{'text':'x'}]`, 'malformed_json'),
  nasty('json/no-objects.json', '[1,"x",null]', rejected('malformed_row', 3)),
  nasty('json/other-object.json', '{"tasks":[]}', rejected('missing_text')),
  nasty('json/csv-inside.json', csv('x,1,a,0.9'), 'malformed_json'),
  nasty('json/inside.csv', `[${row('json in csv')}]`, { rows: 1, gold: 1 }),
  nasty(
    'json/two-names.jsonl',
    `${row('x')}${LF}{"text":"y","Label":"a","confidence_score":1}`,
    'duplicate_column:label',
  ),
  nasty('json/lone-surrogate.jsonl', String.raw`{"text":"half \ud83d","label":"a","score":1}`, { rows: 1, gold: 1 }),
  nasty(
    'json/values.json',
    `[${row('v 1', 3)},${row('v 2', true)},${row('v 3', ['b', 'a'])},${row('v 4', 'a', '0.9')}]`,
    {
      rows: 4,
      gold: 4,
    },
  ),
  nasty(
    'json/wrong-values.json',
    `[${row('w', null)},${row('w', [])},${row('w', 'a', null)},${row('w', 'a', true)},${row('', 'a')}]`,
    {
      rows: 5,
      rejected: { missing_label: 2, confidence_missing: 1, confidence_not_a_number: 1, missing_text: 1 },
      gold: 0,
    },
  ),
];

const zipped = gzipSync(csv('zipped,1,a,0.9'));
const zstd = zstdCompressSync(csv('zstd,1,a,0.9'));

const compressed = [
  nasty('compressed/fine.csv.gz', zipped, { rows: 1, gold: 1 }),
  nasty('compressed/without-ending.csv', gzipSync(csv('no ending,1,a,0.9')), { rows: 1, gold: 1 }),
  nasty('compressed/members.csv.gz', Buffer.concat([gzipSync(`${HEADER}${LF}`), gzipSync(`members,1,a,0.9${LF}`)]), {
    rows: 1,
    gold: 1,
  }),
  nasty(
    'compressed/trailing-garbage.csv.gz',
    Buffer.concat([gzipSync(csv('garbage,1,a,0.9')), Buffer.from('\0\0\0 x')]),
    {
      rows: 1,
      gold: 1,
    },
  ),
  nasty('compressed/truncated.csv.gz', zipped.subarray(0, -10), 'truncated_gzip'),
  nasty('compressed/header-only.csv.gz', zipped.subarray(0, 6), 'truncated_gzip'),
  nasty('compressed/bad-checksum.csv.gz', Buffer.concat([zipped.subarray(0, -8), Buffer.alloc(8)]), 'bad_gzip'),
  nasty('compressed/bad-data.csv.gz', Buffer.concat([zipped.subarray(0, 10), Buffer.alloc(30, 0xff)]), 'bad_gzip'),
  nasty('compressed/plain.csv.gz', csv('x,1,a,0.9'), 'bad_gzip'),
  nasty('compressed/of-nothing.csv.gz', gzipSync(''), 'empty_file'),
  nasty('compressed/twice.csv.gz.gz', gzipSync(zipped), 'undecodable'),
  nasty('compressed/fine.csv.zst', zstd, { rows: 1, gold: 1 }),
  nasty('compressed/truncated.csv.zst', zstd.subarray(0, -6), 'undecodable'),
];

const parquetFixtures = new URL('../../../../libs/labels/testdata/parquet/', import.meta.url);
const parquet = (name: string) => readFileSync(new URL(`${name}.parquet`, parquetFixtures));
const zstdParquet = parquet('zstd');

const binary = [
  nasty('binary/fine.parquet', parquet('float32'), { rows: 4, disagreement: 1, gold: 1 }),
  nasty('binary/without-ending', parquet('aliases'), {
    rows: 4,
    rejected: { missing_text: 1 },
    disagreement: 1,
    low_confidence: 1,
    gold: 0,
  }),
  nasty('binary/half-written.parquet', zstdParquet.subarray(0, zstdParquet.length - 100), 'parquet_no_footer'),
  nasty('binary/begun.parquet', 'PAR1', 'parquet_no_footer'),
  nasty('binary/text.parquet', csv('x,1,a,0.9'), 'parquet_no_footer'),
  nasty(
    'binary/bad-footer.parquet',
    Buffer.concat([zstdParquet.subarray(0, -40), Buffer.alloc(32, 0x5a), zstdParquet.subarray(-8)]),
    'parquet_unreadable',
  ),
  nasty(
    'binary/bad-page.parquet',
    Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(60, 0x5a), zstdParquet.subarray(64)]),
    'parquet_unreadable',
  ),
  nasty('binary/no-label.parquet', parquet('no_label'), 'missing_column:label'),
  nasty('binary/picture.png', Buffer.from('89504e470d0a1a0a0000000d4948445200000001', 'hex'), 'undecodable'),
  nasty('binary/archive.zip', Buffer.from('504b0304140000000800a5b3755b', 'hex'), 'undecodable'),
  nasty('binary/empty.csv', '', 'empty_file'),
  nasty('binary/only-bom.csv', '\ufeff', 'empty_file'),
  nasty('binary/white-space.csv', ' \r\n\t\n', 'empty_file'),
];

const names = [
  nasty('names/a b#1 – ü.csv', csv('odd name,1,a,0.9'), { rows: 1, gold: 1 }),
  nasty('names/no ending', csv('name without an ending,1,a,0.9'), { rows: 1, gold: 1 }),
  nasty('names/new\nline.csv', csv('new line name,1,,0.9'), rejected('missing_label')),
  nasty('names/SUCCESS', '', 'empty_file'),
  nasty('names/notes.txt', 'These are the labels of week 47.\n', 'missing_header'),
];

/** Files as they come out of spreadsheets, exports, crashed jobs and half-finished copies. Documents are named after their
 * file, so that all of them together report what each of them reports alone. */
export const nastyFiles: readonly NastyFile[] = [...nastyCsvFiles, ...json, ...compressed, ...binary, ...names];
