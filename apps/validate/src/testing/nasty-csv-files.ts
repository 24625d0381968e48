import { textKey } from '@assay/labels/document-key';
import { CP1252_NOTE, HEADER, LF, csv, latin1, nasty, rejected, utf16 } from './nasty-file.ts';
import type { NastyFile } from './nasty-file.ts';

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
  nasty('encoding/cut-utf8.csv', Buffer.from(`${HEADER}${LF}cut €`).subarray(0, -1), {
    ...rejected('malformed_row'),
    notes: [CP1252_NOTE],
  }),
];

const lines = [
  nasty('lines/crlf.csv', csv('crlf,1,a,0.9').replaceAll(LF, '\r\n'), { rows: 1, gold: 1 }),
  nasty('lines/cr.csv', csv('cr,1,a,0.9', 'cr 2,1,a,0.9').replaceAll(LF, '\r'), { rows: 2, gold: 2 }),
  nasty('lines/cr-cr-lf.csv', csv('crcrlf,1,a,0.9').replaceAll(LF, '\r\r\n'), { rows: 1, gold: 1 }),
  nasty('lines/mixed.csv', `${HEADER}\r\nmixed 1,1,a,0.9\nmixed 2,1,a,0.9\r`, { rows: 2, gold: 2 }),
  nasty('lines/no-last-newline.csv', `${HEADER}${LF}no newline,1,a,0.9`, { rows: 1, gold: 1 }),
  nasty('lines/blank-lines.csv', `${LF}${LF}${HEADER}${LF}${LF}blank,1,a,0.9${LF}   ${LF}${LF}`, { rows: 1, gold: 1 }),
  nasty('lines/quoted-newlines.csv', csv('"line 1\nline 2\r\nline 3",1,a,0.9'), { rows: 1, gold: 1 }),
  nasty('lines/repeated-header.csv', csv('repeated,1,a,0.9', HEADER, 'repeated 2,1,a,0.9', HEADER), {
    rows: 2,
    gold: 2,
    notes: [{ code: 'repeated_header', count: 2 }],
  }),
  nasty('lines/only-repeated-headers.csv', csv(HEADER, HEADER), {
    rows: 0,
    gold: 0,
    notes: [{ code: 'repeated_header', count: 2 }],
  }),
  nasty('lines/header-in-other-case.csv', csv('case,1,a,0.9', HEADER.toUpperCase()), {
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
  nasty('header/only.csv', `${HEADER}${LF}`, { rows: 0, gold: 0 }),
  nasty('header/only-without-newline.csv', HEADER, { rows: 0, gold: 0 }),
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

export const nastyCsvFiles: readonly NastyFile[] = [...encodings, ...lines, ...quotes, ...headers, ...cells, ...votes];
