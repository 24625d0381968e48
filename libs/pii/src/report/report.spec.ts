import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMasker } from '../masker.ts';
import { renderReport } from './page.ts';
import { createReport, type Report } from './report.ts';

const masker = createMasker({ types: ['EMAIL_ADDRESS', 'IP_ADDRESS'] });

function reportOf(...texts: readonly string[]): Report {
  const report = createReport();
  texts.forEach((text, i) => report.add(i + 1, text, masker.mask(text).spans));
  return report.finish();
}

describe('createReport', () => {
  it('counts what was found by kind, with the commonest shapes', () => {
    const { rows, rowsMasked, found } = reportOf('a@b.co c@d.eu, ip 10.0.0.1', 'nothing', 'from ab@c.de');
    expect([rows, rowsMasked]).toEqual([3, 2]);
    expect(found).toEqual([
      {
        type: 'EMAIL_ADDRESS',
        values: 3,
        rows: 2,
        shapes: [
          { shape: 'a@a.aa', values: 2 },
          { shape: 'aa@a.aa', values: 1 },
        ],
      },
      { type: 'IP_ADDRESS', values: 1, rows: 1, shapes: [{ shape: '99.9.9.9', values: 1 }] },
    ]);
  });

  it('puts the row first that is the likeliest to hold what was missed', () => {
    const { toRead, doubts, rowsInDoubt } = reportOf('fine', 'id ab12cd34', 'my name is jane', 'Mr Doe, 12 Oak Street');
    expect(toRead.map(({ row, kinds }) => [row, kinds])).toEqual([
      [4, ['nameAfterCue', 'streetAndNumber']],
      [3, ['nameAfterCue']],
      [2, ['lettersAndDigits']],
    ]);
    expect(rowsInDoubt).toBe(3);
    expect(doubts).toEqual([
      { kind: 'nameAfterCue', rows: 2 },
      { kind: 'streetAndNumber', rows: 1 },
      { kind: 'lettersAndDigits', rows: 1 },
    ]);
  });

  it('shows the place as a shape, with what is masked by its kind', () => {
    const [row] = reportOf('a@b.co of Mr Jane Doe (42)').toRead;
    expect(row?.excerpt).toEqual([
      { is: 'masked', text: 'EMAIL_ADDRESS' },
      { is: 'plain', text: ' aa Aa ' },
      { is: 'doubt', text: 'Aaaa Aaa' },
      { is: 'plain', text: ' (99)' },
    ]);
  });

  it('shows three rows that look alike, and how many more there are', () => {
    const { toRead } = reportOf(...Array.from({ length: 90 }, (_, i) => `order ${1_000_000 + i}`), 'Mr Doe');
    expect(toRead.map(({ row, alike }) => [row, alike])).toEqual([
      [91, 0],
      [1, 87],
      [2, 87],
      [3, 87],
    ]);
  });

  it('names 50 rows at most', () => {
    const texts = Array.from(
      { length: 200 },
      (_, i) => `ref ${'1234567-'.repeat(1 + (i % 4))}${'a-'.repeat(i)}b Mr ${'X.'.repeat(i)}`,
    );
    expect(reportOf(...texts).toRead.length).toBeLessThanOrEqual(50);
  });
});

describe('renderReport', () => {
  it('says that nothing was found', () => {
    const page = renderReport(reportOf('fine'));
    expect(page).toContain('1 row read, something masked in 0');
    expect(page).toContain('No row has a place in doubt.');
  });

  it('loads nothing and runs nothing', () => {
    const page = renderReport(reportOf('Mr Doe', '<script src="https://x.example">alert(1)</script> Mr <b>'));
    expect(page).not.toMatch(/<script|<link|src=|href=|url\(/);
  });

  /** Letters and digits that no page has by itself. */
  it('holds no letter and no digit of the data', () => {
    const strange = fc.constantFrom(...Array.from('ЖжŁłßÑ漢字عل٣８'));
    const glue = fc.constantFrom('Mr ', 'my name is ', '@', ' ', '-', '\n', 'a@b.co', 'Street 1', '. ');
    const text = fc.array(fc.oneof(strange, glue), { maxLength: 40 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), (texts) => {
        expect(renderReport(reportOf(...texts))).not.toMatch(/[ЖжŁłßÑ漢字عل٣８]/u);
      }),
    );
  });

  it('is the same page for the same data', () => {
    const texts = ['Mr Doe', 'a@b.co', 'ref 1234567'];
    expect(renderReport(reportOf(...texts))).toBe(renderReport(reportOf(...texts)));
  });
});
