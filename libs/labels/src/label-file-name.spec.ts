import { describe, expect, it } from 'vitest';
import { isLabelFileName } from './label-file-name.ts';

describe('isLabelFileName', () => {
  it.each([
    'labels.csv',
    'labels',
    'a.tmp.csv',
    'tmp',
    '2026/11/20/part-0.parquet',
    '_temporary/part.csv',
    '.hidden/part.csv',
    'part.csv.tmp/labels.csv',
    'a_b.csv',
    'labels.csv.TMP',
  ])('takes %s', (path) => expect(isLabelFileName(path)).toBe(true));

  it.each([
    '_SUCCESS',
    '.part.csv.crc',
    '.keep',
    '2026/11/20/_SUCCESS',
    '2026/.DS_Store',
    'part.csv.tmp',
    'part.parquet.crc',
    'part.csv.partial',
    'part.csv.gz.inprogress',
  ])('passes over %s', (path) => expect(isLabelFileName(path)).toBe(false));
});
