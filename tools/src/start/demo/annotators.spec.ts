import { describe, expect, it } from 'vitest';
import { annotators, labelsOf } from './annotators.ts';
import type { BatchRow } from './batch-csv.ts';
import { topicOf } from './topics-of-tickets.ts';

const rows: readonly BatchRow[] = Array.from({ length: 4000 }, (_, index) => ({
  docId: String(index),
  ticketId: `T-${index}`,
  source: 'mail',
  text: `Case ${index}: I was charged twice.`,
}));

const share = (count: number, of: number): number => count / of;

describe.each(annotators)('$name', (annotator) => {
  const written = rows.map((row, index) => labelsOf(annotator, row, '2026-11-21', index));
  const first = written.flatMap((labels) => (labels.length === 1 ? labels : []));
  const valid = first.filter(({ label, confidence }) => label !== '' && Number(confidence) <= 1);

  it('labels as large a share of a batch as this person does', () => {
    const attended = written.filter((labels) => labels.length > 0).length;
    expect(share(attended, rows.length)).toBeCloseTo(annotator.diligence, 1);
  });

  it('is right as often as this person is', () => {
    const right = valid.filter(({ label, text }) => label === topicOf(text)).length;
    expect(share(right, valid.length)).toBeGreaterThan(annotator.accuracy - 0.02);
    expect(share(right, valid.length)).toBeLessThan(annotator.accuracy + 0.02);
  });

  it('is surer of right answers than of wrong ones', () => {
    const mean = (isRight: boolean): number => {
      const some = valid.filter(({ label, text }) => (label === topicOf(text)) === isRight);
      return some.reduce((sum, { confidence }) => sum + Number(confidence), 0) / some.length;
    };
    expect(mean(true)).toBeGreaterThan(mean(false) + 0.1);
  });

  it('says the same of a ticket whatever batch it comes in, but for the time', () => {
    const [row] = rows as readonly [BatchRow];
    const without = (day: string, number: number) =>
      labelsOf(annotator, row, day, number).map(({ at: _at, ...said }) => said);
    expect(without('2026-11-22', 77)).toEqual(without('2026-11-21', 0));
  });

  it('corrects some answers later, and sends some twice', () => {
    const pairs = written.filter((labels) => labels.length === 2);
    const corrected = pairs.filter(([slip, final]) => slip!.label !== final!.label && slip!.at < final!.at);
    const repeated = pairs.filter(([one, other]) => JSON.stringify(one) === JSON.stringify(other));
    expect(corrected.length).toBeGreaterThan(0);
    expect(repeated.length).toBeGreaterThan(0);
    expect(corrected.length + repeated.length).toBe(pairs.length);
  });
});
