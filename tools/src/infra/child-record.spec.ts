import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecord } from './child-record.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-record-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const parseRecord = (text: string) => {
  writeFileSync(join(folder, 'kafka.json'), text);
  return readRecord(join(folder, 'kafka.json'));
};

const record = { pid: 4242, startedAt: '1@boot', name: 'kafka', gentleSignal: 'SIGTERM' };

describe('readRecord', () => {
  it('reads back what was written', () => {
    expect(parseRecord(JSON.stringify(record))).toEqual(record);
  });

  // A wrong pid here would be signalled by the next start: 0 and -1 mean many processes, 1 is init.
  it.each([
    ['a torn file', '{"pid":42'],
    ['an empty file', ''],
    ['no object', '42'],
    ['null', 'null'],
    ['init', JSON.stringify({ ...record, pid: 1 })],
    ['the own process group', JSON.stringify({ ...record, pid: 0 })],
    ['every process', JSON.stringify({ ...record, pid: -1 })],
    ['a pid in quotes', JSON.stringify({ ...record, pid: '4242' })],
    ['an unknown signal', JSON.stringify({ ...record, gentleSignal: 'SIGSTOP' })],
    ['no start time', JSON.stringify({ ...record, startedAt: undefined })],
  ])('names nobody for %s', (_name, text) => {
    expect(parseRecord(text)).toBeUndefined();
  });
});
