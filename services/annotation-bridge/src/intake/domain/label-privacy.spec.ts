import { labelKey, type LabelValue } from '@assay/labels/label';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepingAnnotators, knownPrivacy } from '../../testing/known-privacy.ts';

const row = (value: LabelValue, text: string | null = null, annotator: string | null = null) =>
  knownPrivacy.maskRow({ value, text, annotator });
const choice = (text: string): LabelValue => ({ kind: 'choice', choice: text });

describe('what people wrote', () => {
  it('is masked before anything stores it, and counted by kind', () => {
    const masked = row(
      { kind: 'text', text: 'call Ana Silva back, my name is Ana Silva, or mail ana.silva@example.com' },
      'Please mail bob@example.com',
      'carla@example.com',
    );
    expect(JSON.stringify(masked)).not.toMatch(/silva@|bob@|carla@/);
    expect(masked.text).toBe('Please mail <EMAIL_1>');
    expect(masked.annotator).toMatch(/^<EMAIL:k1:[a-p]{20}>$/);
    expect(masked.counts['EMAIL_ADDRESS']).toBe(3);
  });

  it.each(['billing', 'Paris', 'Grant', 'Jordan Will', '5', 'may', 'Washington Street'])(
    'stays as it is where it was chosen from a list: %s',
    (label) => {
      expect(row(choice(label))).toMatchObject({ value: choice(label), counts: {} });
      expect(row({ kind: 'choices', choices: [label, 'other'] }).value).toEqual({
        kind: 'choices',
        choices: [label, 'other'],
      });
    },
  );

  it('loses an address that somebody chose all the same, and different ones stay different', () => {
    const [one, again, other] = ['DE89 3704 0044 0532 0130 00', 'DE89370400440532013000', 'GB82WEST12345698765432'].map(
      (iban) => labelKey(row(choice(iban)).value),
    );
    expect(one).toMatch(/<IBAN:k1:/);
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  it('keeps the places of spans, which count in the text that went out', () => {
    const spans: LabelValue = {
      kind: 'spans',
      spans: [
        { start: 3, end: 9, label: 'CUSTOMER' },
        { start: 1, end: 2, label: null },
      ],
    };
    expect(row(spans, 'mail jane@example.com').value).toEqual(spans);
  });

  it('leaves an annotator’s address where the setting says so', () => {
    const kept = keepingAnnotators.maskRow({ value: choice('a'), text: null, annotator: 'carla@example.com' });
    expect(kept).toMatchObject({ annotator: 'carla@example.com', counts: {} });
  });

  it('is masked in the record of a rejected row, whatever column it stands in', () => {
    const { record, counts } = knownPrivacy.maskRecord({ note: 'mail dan@example.com', label: '', row: 7 });
    expect(record).toEqual({ note: 'mail <EMAIL_1>', label: '', row: 7 });
    expect(counts).toEqual({ EMAIL_ADDRESS: 1 });
  });

  it('masked again is the same, so a row that comes twice is equal to itself', () => {
    const words = fc.array(
      fc.constantFrom('jane@example.com', 'Paris', '+49 30 901820', 'refund', 'my name is', 'Bob'),
    );
    fc.assert(
      fc.property(words, words, (label, text) => {
        const once = row({ kind: 'text', text: label.join(' ') }, text.join(' '), label[0] ?? null);
        const twice = row(once.value, once.text, once.annotator);
        expect(twice).toEqual({ ...once, counts: {} });
      }),
    );
  });
});
