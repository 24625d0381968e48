import { describe, expect, it } from 'vitest';
import { readBatch } from './batch-csv.ts';

describe('readBatch', () => {
  it('takes the columns by name and passes over the others', () => {
    const content = 'doc_id,ticket_id,source,datetime,priority,text,plan\n0a,T-1,mail,2026,5,"Hello, you",free\n';
    expect(readBatch(content)).toEqual([{ docId: '0a', ticketId: 'T-1', source: 'mail', text: 'Hello, you' }]);
  });

  it.each<[string, string, string]>([
    ['commas, quotes and newlines inside quotes', 'a,mail,"a,""b""\nc",0a\n', 'a,"b"\nc'],
    ['no newline at the end', 'a,mail,c,0a', 'c'],
    ['empty cells', ',,"",\r\n', ''],
  ])('reads %s', (_name, record, text) => {
    expect(readBatch(`ticket_id,source,text,doc_id\r\n${record}`).map((row) => row.text)).toEqual([text]);
  });

  it('refuses a record that is not as wide as the header rather than guess', () => {
    expect(() => readBatch('doc_id,ticket_id,source,text\n0a,T-1\n')).toThrow(
      'the batch#1: 2 cells under a header of 4',
    );
  });

  it('names the column that is missing', () => {
    expect(() => readBatch('doc_id,text\n')).toThrow(/no column ticket_id, only doc_id, text/);
  });
});
