import { readFileSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { textKey } from '@assay/labels/document-key';

/** What a run over one file must report. Rows that are not named are live; documents that are not named are gold. */
export interface NastyReport {
  readonly rows: number;
  readonly superseded?: number;
  readonly duplicate?: number;
  readonly rejected?: Readonly<Record<string, number>>;
  readonly disagreement?: number;
  readonly low_confidence?: number;
  readonly gold: number;
  readonly notes?: readonly unknown[];
}

export interface NastyFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** The reason where the whole file is rejected. */
  readonly report: NastyReport | string;
}

const H = 'text,annotator_id,label,confidence_score';
const LF = '\n';
const CP1252_NOTE = { code: 'read_as_windows_1252' };

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content;
}

function nasty(path: string, content: string | Uint8Array, report: NastyReport | string): NastyFile {
  return { path, bytes: bytesOf(content), report };
}

const csv = (...lines: readonly string[]) => [H, ...lines, ''].join(LF);
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const rejected = (reason: string, count = 1) => ({ rows: count, rejected: { [reason]: count }, gold: 0 });

const encodings = [
  nasty('encoding/bom-utf8.csv', `\ufeff${csv('bom é,1,a,0.9')}`, { rows: 1, gold: 1 }),
  nasty('encoding/bom-utf16le.csv', utf16(csv('le é 😀,1,a,0.9')), { rows: 1, gold: 1 }),
  nasty('encoding/bom-utf16be.csv', Buffer.from(utf16(csv('be é,1,a,0.9'))).swap16(), { rows: 1, gold: 1 }),
  nasty('encoding/utf16-without-bom.csv', utf16(csv('x,1,a,0.9')).subarray(2), 'undecodable'),
  nasty('encoding/utf16-odd-length.csv', utf16(csv('x,1,a,0.9')).subarray(0, -1), 'undecodable'),
  nasty('encoding/utf16-half-pair.csv', utf16(csv('\ud83d,1,a,0.9')), 'undecodable'),
  nasty('encoding/utf32.csv', Buffer.from('fffe0000740000006500000078000000', 'hex'), 'undecodable'),
  nasty('encoding/latin1.csv', latin1(csv('Z\xfcrich,1,a,0.9')), { rows: 1, gold: 1, notes: [CP1252_NOTE] }),
  nasty('encoding/windows-1252.csv', latin1(csv('\x93quoted\x94 \x96 5 \x80,1,a,0.9')), {
    rows: 1,
    gold: 1,
    notes: [CP1252_NOTE],
  }),
  nasty('encoding/latin1-late.csv', latin1(csv('x,1,a,0.9'.padStart(3_000_000, 'x'), 'na\xefve,1,a,0.9')), {
    rows: 2,
    gold: 2,
    notes: [CP1252_NOTE],
  }),
  nasty('encoding/undefined-in-windows-1252.csv', latin1(csv('\xff\x81,1,a,0.9')), 'undecodable'),
  nasty('encoding/nul-in-header.csv', `text\0,label,score${LF}a,b,1${LF}`, 'undecodable'),
  nasty('encoding/nul-in-cell.csv', csv('nul \0 inside,1,a,0.9'), { rows: 1, gold: 1 }),
  nasty('encoding/cut-utf8.csv', Buffer.from(`${H}${LF}cut €`).subarray(0, -1), {
    ...rejected('malformed_row'),
    notes: [CP1252_NOTE],
  }),
];

const lines = [
  nasty('lines/crlf.csv', csv('crlf,1,a,0.9').replaceAll(LF, '\r\n'), { rows: 1, gold: 1 }),
  nasty('lines/cr.csv', csv('cr,1,a,0.9', 'cr 2,1,a,0.9').replaceAll(LF, '\r'), { rows: 2, gold: 2 }),
  nasty('lines/cr-cr-lf.csv', csv('crcrlf,1,a,0.9').replaceAll(LF, '\r\r\n'), { rows: 1, gold: 1 }),
  nasty('lines/mixed.csv', `${H}\r\nmixed 1,1,a,0.9\nmixed 2,1,a,0.9\r`, { rows: 2, gold: 2 }),
  nasty('lines/no-last-newline.csv', `${H}${LF}no newline,1,a,0.9`, { rows: 1, gold: 1 }),
  nasty('lines/blank-lines.csv', `${LF}${LF}${H}${LF}${LF}blank,1,a,0.9${LF}   ${LF}${LF}`, { rows: 1, gold: 1 }),
  nasty('lines/quoted-newlines.csv', csv('"line 1\nline 2\r\nline 3",1,a,0.9'), { rows: 1, gold: 1 }),
  nasty('lines/repeated-header.csv', csv('repeated,1,a,0.9', H, 'repeated 2,1,a,0.9', H), {
    rows: 2,
    gold: 2,
    notes: [{ code: 'repeated_header', count: 2 }],
  }),
  nasty('lines/only-repeated-headers.csv', csv(H, H), {
    rows: 0,
    gold: 0,
    notes: [{ code: 'repeated_header', count: 2 }],
  }),
  nasty('lines/header-in-other-case.csv', csv('case,1,a,0.9', H.toUpperCase()), {
    rows: 2,
    rejected: { confidence_not_a_number: 1 },
    gold: 1,
  }),
  nasty('lines/long-record.csv', csv(`"${'long text, '.repeat(300_000)}",1,a,0.9`, 'after,1,a,0.9'), {
    rows: 2,
    gold: 2,
  }),
];

const quotes = [
  nasty('quotes/doubled.csv', csv('"he said ""no""",1,a,0.9', '"""",1,a,0.9'), { rows: 2, gold: 2 }),
  nasty('quotes/inside-unquoted.csv', csv('5" disk,1,a,0.9', 'say "hi",1,a,0.9'), { rows: 2, gold: 2 }),
  nasty('quotes/behind-closing.csv', csv('"abc"def,1,a,0.9'), { rows: 1, gold: 1 }),
  nasty('quotes/space-before.csv', csv(' "a, b",1,a,0.9'), rejected('malformed_row')),
  nasty('quotes/unterminated.csv', csv('fine,1,a,0.9', '"never closed,1,a,0.9', 'lost,1,a,0.9'), 'unterminated_quote'),
  nasty('quotes/unterminated-header.csv', `"text,label,score${LF}a,b,1${LF}`, 'unterminated_quote'),
  nasty('quotes/unterminated-early.csv', csv(`"${'x,1,a,0.9\n'.repeat(300_000)}`), 'unterminated_quote'),
  nasty('quotes/backslash.csv', csv(String.raw`"a \"b\", c",1,a,0.9`), rejected('malformed_row')),
];

const headers = [
  nasty('header/only.csv', `${H}${LF}`, { rows: 0, gold: 0 }),
  nasty('header/only-without-newline.csv', H, { rows: 0, gold: 0 }),
  nasty('header/semicolons.csv', `text;annotator;label;score${LF}"a, b; c";1;a;0.9${LF}`, { rows: 1, gold: 1 }),
  nasty('header/tabs.tsv', `text\tworker\tlabel\tscore${LF}a, b; t\t1\ta\t0.9${LF}`, { rows: 1, gold: 1 }),
  nasty('header/pipes.csv', `text|annotator|label|score${LF}a|1|b|0.9${LF}`, 'missing_header'),
  nasty('header/excel-separator-line.csv', `sep=;${LF}text;label;score${LF}`, 'missing_header'),
  nasty('header/missing.csv', `My invoice is wrong,1,billing,0.93${LF}x,2,bug,0.88${LF}`, 'missing_header'),
  nasty('header/no-label.csv', `text,annotator_id,confidence_score${LF}a,1,0.9${LF}`, 'missing_column:label'),
  nasty('header/no-text.csv', `annotator_id,label,confidence_score${LF}1,a,0.9${LF}`, 'missing_column:text'),
  nasty('header/no-confidence.csv', `text,annotator_id,label${LF}a,1,b${LF}`, 'missing_column:confidence_score'),
  nasty('header/azure-ml-images.csv', `Url,Label,LabelConfidence${LF}a.txt,b,1.0${LF}`, 'missing_column:text'),
  nasty('header/duplicate.csv', `text,label,score,label${LF}a,b,1,c${LF}`, 'duplicate_column:label'),
  nasty('header/duplicate-by-alias.csv', `text,TicketText,label,score${LF}a,b,c,1${LF}`, 'duplicate_column:text'),
  nasty('header/duplicate-document.csv', `doc_id,external_id,label,score${LF}a,b,c,1${LF}`, 'duplicate_column:doc_id'),
  nasty('header/duplicate-unknown.csv', `text,note,label,score,note${LF}dup note,x,a,1,y${LF}`, { rows: 1, gold: 1 }),
  nasty('header/capitals-and-spaces.csv', `" Unique Doc ID ",TEXT,"Label",Label Confidence${LF}cs,t,a,1${LF}`, {
    rows: 1,
    gold: 1,
  }),
  nasty('header/pandas-index.csv', `,text,label,score${LF}0,pandas,a,1${LF}1,pandas 2,a,1${LF}`, { rows: 2, gold: 2 }),
  nasty(
    'header/label-studio.csv',
    `"annotation_id","annotator","id","label","score","text"${LF}1,"1",7,"a",1,"ls"${LF}`,
    {
      rows: 1,
      gold: 1,
    },
  ),
];

const cells = [
  nasty('cells/missing-and-extra.csv', csv('a,1,b', 'b,1,c,0.9,x', 'good cells,1,d,0.9'), {
    rows: 3,
    rejected: { malformed_row: 2 },
    gold: 1,
  }),
  nasty('cells/trailing-separator.csv', csv('a,1,b,0.9,', 'b,1,c,0.9,'), rejected('malformed_row', 2)),
  nasty('cells/only-separators.csv', csv(',,,', ' , , , '), rejected('missing_text', 2)),
  nasty('cells/many.csv', csv(','.repeat(100_000), 'few cells,1,a,0.9'), {
    rows: 2,
    rejected: { malformed_row: 1 },
    gold: 1,
  }),
  nasty(
    'cells/blank-labels.csv',
    csv('a,1,,0.9', 'a,1,  ,0.9', 'a,1,\u00a0,0.9', 'a,1,[],0.9', 'a,1,"["""",null]",0.9'),
    {
      ...rejected('missing_label', 5),
    },
  ),
  nasty('cells/no-text-but-doc-id.csv', `doc_id,text,label,score${LF}d1,,a,1${LF} ,\u3000,a,1${LF}`, {
    rows: 2,
    rejected: { missing_text: 1 },
    gold: 1,
  }),
  nasty('cells/nobody.csv', csv('nobody,,a,0.9', 'nobody, ,b,0.9'), { rows: 2, disagreement: 1, gold: 0 }),
  nasty('cells/no-annotator-column.csv', `text,label,score${LF}anon,a,1${LF}anon,a,0.9${LF}`, { rows: 2, gold: 1 }),
  nasty(
    'cells/confidences.csv',
    csv(
      'c,1,a,',
      'c,1,a,high',
      'c,1,a,NaN',
      'c,1,a,95',
      'c,1,a,95%',
      'c,1,a,-0.1',
      'c,1,a,"0,95"',
      'c,1,a,0x1',
      'c,1,a,inf',
    ),
    {
      rows: 9,
      rejected: { confidence_missing: 1, confidence_not_a_number: 6, confidence_out_of_range: 2 },
      gold: 0,
    },
  ),
  nasty('cells/odd-numbers.csv', csv('n 1,1,a,+.9', 'n 2,1,a,1.', 'n 3,1,a,9e-1', 'n 4,1,a, 0.9 ', 'n 5,1,a,-0'), {
    rows: 5,
    gold: 4,
    low_confidence: 1,
  }),
  nasty('cells/threshold.csv', csv('kept,1,a,0.8', 'not kept,1,a,0.7999999', 'nearly,1,a,0.79999999999999999'), {
    rows: 3,
    gold: 2,
    low_confidence: 1,
  }),
  nasty(
    'cells/sets.csv',
    csv('set,1,"[""a"",""b""]",0.9', 'set,2,"[""b"",""a"",""b""]",0.9', 'one,1,"[""a""]",1', 'one,2,a,1'),
    {
      rows: 4,
      gold: 2,
    },
  ),
  nasty(
    'cells/case.csv',
    csv('case label,1,Bug,0.9', 'case label,2,bug,0.9', 'trim label,1, bug ,0.9', 'trim label,2,bug,1'),
    {
      rows: 4,
      disagreement: 1,
      gold: 1,
    },
  ),
];

const E = 'doc_id,text,annotator_id,label,confidence_score,annotated_at';
const timed = (...rows: readonly string[]) => [E, ...rows, ''].join(LF);
const keyOfText = textKey('a text that is its own document');

const votes = [
  nasty('votes/duplicates.csv', csv('dup,1,a,0.9', 'dup,1,a,0.90', 'dup,1,a,9e-1'), { rows: 3, duplicate: 2, gold: 1 }),
  nasty('votes/a-b-a.csv', csv('aba,1,a,0.9', 'aba,1,b,0.9', 'aba,1,a,0.9', 'aba,2,b,0.9'), {
    rows: 4,
    superseded: 1,
    duplicate: 1,
    gold: 1,
  }),
  nasty(
    'votes/same-instant.csv',
    timed('i,t,1,a,0.9,2026-11-21T10:00:00Z', 'i,t,1,a,0.9,2026-11-21 12:00:00.000+02:00'),
    {
      rows: 2,
      duplicate: 1,
      gold: 1,
    },
  ),
  nasty('votes/unreadable-time.csv', timed('u,t,1,a,0.9,2026-11-21', 'u,t,1,b,0.9,yesterday', 'u,t,2,a,0.9,'), {
    rows: 3,
    superseded: 1,
    gold: 1,
  }),
  nasty(
    'votes/microseconds.csv',
    timed('m,t,1,b,0.9,2026-11-21T10:00:00.000002Z', 'm,t,1,a,0.9,2026-11-21T10:00:00.000001Z', 'm,t,2,b,1,'),
    {
      rows: 3,
      superseded: 1,
      gold: 1,
    },
  ),
  nasty('votes/white-space.csv', csv('"same  \n text",1,a,0.9', '" same text ",2,b,0.9', '"same\u00a0text",3,b,0.9'), {
    rows: 3,
    disagreement: 1,
    gold: 0,
  }),
  nasty('votes/nfc.csv', csv('caf\u00e9 nfc,1,a,0.9', 'cafe\u0301 nfc,2,b,0.9'), { rows: 2, disagreement: 1, gold: 0 }),
  nasty('votes/text-key-as-doc-id.csv', timed(`${keyOfText},t,1,b,1,`, ',a text that is its own document,1,a,1,'), {
    rows: 2,
    gold: 2,
  }),
  nasty('votes/weak-dissent.csv', csv('weak,1,billing,0.95', 'weak,2,bug,0.6'), { rows: 2, disagreement: 1, gold: 0 }),
  nasty('votes/pipes-and-newlines.csv', csv('"a | b\nc, d",1,"x|y",0.9', '"a | b\nc, d",2,"x,y",0.9'), {
    rows: 2,
    disagreement: 1,
    gold: 0,
  }),
  nasty('votes/many-for-one-text.csv', csv(...Array.from({ length: 3000 }, (_, at) => `crowd,worker ${at},a,0.9`)), {
    rows: 3000,
    gold: 1,
  }),
];

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
  nasty('compressed/members.csv.gz', Buffer.concat([gzipSync(`${H}${LF}`), gzipSync(`members,1,a,0.9${LF}`)]), {
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

const parquetFixtures = new URL('../../../../../libs/labels/testdata/parquet/', import.meta.url);
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
  nasty('names/.hidden', csv('hidden,1,a,0.9'), { rows: 1, gold: 1 }),
  nasty('names/new\nline.csv', csv('new line name,1,,0.9'), rejected('missing_label')),
  nasty('names/_SUCCESS', '', 'empty_file'),
  nasty('names/notes.txt', 'These are the labels of week 47.\n', 'missing_header'),
];

/** Files as they come out of spreadsheets, exports, crashed jobs and half-finished copies. Documents are named after their
 * file, so that all of them together report what each of them reports alone. */
export const nastyFiles: readonly NastyFile[] = [
  ...encodings,
  ...lines,
  ...quotes,
  ...headers,
  ...cells,
  ...votes,
  ...json,
  ...compressed,
  ...binary,
  ...names,
];
