import { describe, expect, it } from 'vitest';
import { nameFault, shownPath } from './listed-file.ts';

describe('the name of a label file', () => {
  it.each([
    '2026/11/21/labels.csv',
    '2026/11/21/a/b c/Etiketten für "März".csv',
    `2026/11/21/${'a'.repeat(501)}`,
    `2026/11/21/${'ü'.repeat(250)}`,
  ])('may be %j', (path) => {
    expect(nameFault(path)).toBeNull();
  });

  it.each([
    ['labels.csv', 'YYYY/MM/DD'],
    ['2026/11/21/', 'YYYY/MM/DD'],
    [`2026/11/21/${'a'.repeat(993)}`, '512 bytes'],
    [`2026/11/21/${'ü'.repeat(251)}`, '512 bytes'],
    ['2026/11/21/a\nb".csv', 'control characters'],
    ['2026/11/21/a\u001b[31m.csv', 'control characters'],
    ['2026/11/21/a\ud800.csv', 'control characters'],
  ])('may not be %j', (path, why) => {
    expect(nameFault(path)).toContain(why);
  });

  it('is told in one short line', () => {
    expect(shownPath(`a\nb\u001b\ud800${'c'.repeat(1000)}`)).toBe(`a?b?\ufffd${'c'.repeat(195)}`);
  });
});
