import { describe, expect, it } from 'vitest';
import { isGrowing, nameFault, shownPath } from './listed-file.ts';

describe('a label file that is appended to', () => {
  const writtenAt = new Date('2026-11-21T10:00:00Z');
  const later = (seconds: number) => new Date(writtenAt.getTime() + seconds * 1000);

  it('is whole when nothing was added for a minute', () => {
    expect(isGrowing({ mayGrow: true, writtenAt }, later(59))).toBe(true);
    expect(isGrowing({ mayGrow: true, writtenAt }, later(60))).toBe(false);
    // The store's clock may go before ours.
    expect(isGrowing({ mayGrow: true, writtenAt }, later(-5))).toBe(true);
  });

  it('is whole at once when it was put as a whole', () => {
    expect(isGrowing({ mayGrow: false, writtenAt }, later(0))).toBe(false);
  });
});

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
