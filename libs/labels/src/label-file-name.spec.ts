import { describe, expect, it } from 'vitest';
import { isLabelFileName } from './label-file-name.ts';

describe('a label file, by its name', () => {
  it.each([
    '_SUCCESS',
    '2026/11/21/_committed_17.csv',
    '2026/11/21/.part-0.csv.crc',
    '.DS_Store',
    'part.csv.tmp',
    'part.csv.TMP',
    'a/part.csv.crc',
    'part.csv.partial',
    'part.csv.inprogress',
  ])('%s is none', (path) => {
    expect(isLabelFileName(path)).toBe(false);
  });

  it.each([
    'labels.csv',
    'labels',
    '2026/11/21/part-00000.csv.gz',
    'a_b.csv',
    '_temporary/0/part.csv',
    '.hidden/a.csv',
    'tmp.csv',
    'labels.tmp.csv',
    'crc',
  ])('%s may be one', (path) => {
    expect(isLabelFileName(path)).toBe(true);
  });
});
