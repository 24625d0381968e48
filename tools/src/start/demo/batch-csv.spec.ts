import { describe, expect, it } from 'vitest';
import { parseCsv, readBatch } from './batch-csv.ts';

describe('parseCsv', () => {
  it.each<[string, string, string[][]]>([
    [
      'plain cells',
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'no newline at the end',
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['commas, quotes and newlines inside quotes', '"a,""b""\nc",d\n', [['a,"b"\nc', 'd']]],
    [
      'empty cells',
      ',,\n"",x,\n',
      [
        ['', '', ''],
        ['', 'x', ''],
      ],
    ],
    ['an empty last cell without a newline', 'a,', [['a', '']]],
    ['nothing', '', []],
  ])('reads %s', (_name, content, expected) => {
    expect(parseCsv(content)).toEqual(expected);
  });

  it('refuses a quote in the middle rather than guess', () => {
    expect(() => parseCsv('a"b,c\n')).toThrow(/not CSV at character 0/);
  });
});

describe('readBatch', () => {
  it('takes the columns by name and passes over the others', () => {
    const content = 'doc_id,ticket_id,source,datetime,priority,text,plan\n0a,T-1,mail,2026,5,"Hello, you",free\n';
    expect(readBatch(content)).toEqual([{ docId: '0a', ticketId: 'T-1', source: 'mail', text: 'Hello, you' }]);
  });

  it('names the column that is missing', () => {
    expect(() => readBatch('doc_id,text\n')).toThrow(/no column ticket_id, only doc_id, text/);
  });
});
