import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLabelMasker, type LabelTexts } from './label-texts.ts';

const pseudonym = { keyId: 'k1', key: new TextEncoder().encode('sixteen bytes, or more') };
const types = ['EMAIL_ADDRESS', 'IP_ADDRESS', 'PHONE_NUMBER'];
const masker = createLabelMasker({ pseudonym, annotators: 'pseudonym', types });

const label: LabelTexts = { text: null, answers: [], notes: {}, annotator: null };

describe('createLabelMasker', () => {
  it('masks the text, the notes and the answers, and counts what by kind', () => {
    const masked = masker.maskLabel({
      text: 'mail jane@example.com',
      answers: ['billing', 'ask bob@example.com'],
      notes: { comment: 'JANE@example.com again, ip 10.0.0.1', phone: 4155550132, rows: 7 },
      annotator: null,
    });
    expect(masked.text).toBe('mail <EMAIL_1>');
    expect(masked.notes).toEqual({ comment: '<EMAIL_1> again, ip <IP_1>', phone: '<PHONE_1>', rows: 7 });
    expect(masked.answers).toEqual(['billing', expect.stringMatching(/^ask <EMAIL:k1:[a-p]{20}>$/)]);
    expect(masked.counts).toEqual({ EMAIL_ADDRESS: 3, IP_ADDRESS: 1, PHONE_NUMBER: 1 });
  });

  it('lets two different answers stay different, and equal ones equal', () => {
    const answerOf = (answer: string): string | undefined =>
      masker.maskLabel({ ...label, answers: ['x', answer] }).answers[1];
    expect(answerOf('a@example.com')).not.toBe(answerOf('b@example.com'));
    expect(answerOf('a@example.com')).toBe(answerOf('a@example.com'));
  });

  it.each([
    ['an address', 'jane@example.com'],
    ['one in other letters', 'Jane@Example.COM'],
    ['one with its name', 'Jane Doe <jane@example.com>'],
  ])('gives %s of one annotator one pseudonym', (_, annotator) => {
    const { annotator: given, counts } = masker.maskLabel({ ...label, annotator });
    expect(given).toMatch(/^<EMAIL:k1:[a-p]{20}>$/);
    expect(given).toBe(masker.maskLabel({ ...label, annotator: 'jane@example.com' }).annotator);
    expect(counts).toEqual({ EMAIL_ADDRESS: 1 });
  });

  it.each(['17', 'annotator-3', 'jane', '4155550132', ''])('leaves the annotator %j as it is', (annotator) => {
    expect(masker.maskLabel({ ...label, annotator })).toMatchObject({ annotator, counts: {} });
  });

  it('keeps addresses of annotators where the setting says so', () => {
    const keeping = createLabelMasker({ pseudonym, annotators: 'keep' });
    expect(keeping.maskLabel({ ...label, annotator: 'a@b.co' })).toMatchObject({ annotator: 'a@b.co', counts: {} });
  });

  it('knows no text where there is none', () => {
    const { text, offsets } = masker.maskLabel({ ...label, annotator: null });
    expect(text).toBeNull();
    expect(offsets.rangeToMasked({ start: 3, end: 9 })).toEqual({ start: 3, end: 9 });
  });

  const piece = fc.constantFrom(
    'jane@example.com',
    '10.0.0.1',
    'ip ',
    'ask ',
    ' ',
    '😀',
    '<EMAIL_1>',
    '\n',
    'call 415 555 0132',
  );
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(' '));
  const labels = fc.record({
    text: fc.option(text),
    answers: fc.array(text, { maxLength: 3 }),
    notes: fc.dictionary(text, fc.oneof(text, fc.jsonValue()), { maxKeys: 3 }),
    annotator: fc.option(fc.constantFrom('jane@example.com', '17', 'Bob <b@c.de>')),
  });

  it('moves a span to the same words', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const original = `${before} (these words) ${after}`;
        const start = before.length + 2;
        const masked = masker.maskLabel({ ...label, text: original });
        const moved = masked.offsets.rangeToMasked({ start, end: start + 'these words'.length });
        expect(masked.text?.slice(moved.start, moved.end)).toBe('these words');
      }),
    );
  });

  it('moves a span that touches a value to the whole of it', () => {
    fc.assert(
      fc.property(text, fc.nat({ max: 200 }), fc.integer({ min: 1, max: 40 }), (original, from, length) => {
        const start = Math.min(from, original.length);
        const { offsets } = masker.maskLabel({ ...label, text: original });
        const back = offsets.rangeToInput(offsets.rangeToMasked({ start, end: start + length }));
        expect(back.start).toBeLessThanOrEqual(start);
        expect(back.end).toBeGreaterThanOrEqual(start + length);
      }),
    );
  });

  it('leaves none of it, and changes nothing the second time', () => {
    fc.assert(
      fc.property(labels, (original) => {
        const { counts: _, offsets: __, ...once } = masker.maskLabel(original);
        expect(JSON.stringify(once)).not.toMatch(/example\.com|10\.0\.0\.1|555 0132/);
        const again = masker.maskLabel(once);
        expect({ ...again, counts: {}, offsets: undefined }).toEqual({ ...once, counts: {}, offsets: undefined });
        expect(again.counts).toEqual({});
      }),
    );
  });
});
