import { countChange, type NamedVote } from '@assay/agreement/count-rows';
import { describe, expect, it } from 'vitest';
import { agreementViews } from './agreement-view.ts';

const counted = (field: string, ...documents: readonly (readonly NamedVote[])[]) =>
  documents.flatMap((votes) => countChange([], votes).map((row) => ({ field, ...row })));

describe('agreementViews', () => {
  it('makes coefficients of the counts, field by field', () => {
    const rows = [
      ...counted('tone', [['a', 'calm']]),
      ...counted(
        'label',
        [
          ['a', 'x'],
          ['b', 'x'],
        ],
        [
          ['a', 'y'],
          ['b', 'y'],
        ],
        [
          ['a', 'x'],
          ['b', 'y'],
        ],
        [
          ['a', 'y'],
          ['b', 'y'],
        ],
      ),
    ];

    const [label, tone] = agreementViews(rows);

    expect(label).toMatchObject({ field: 'label', items: 4, shared_items: 4, raters: 2 });
    expect(label!.percent.value).toBe(0.75);
    expect(label!.krippendorff.value).toBeCloseTo(0.5333, 4);
    expect(label!.krippendorff.low).toBeLessThan(label!.krippendorff.high!);
    expect(tone).toMatchObject({ field: 'tone', shared_items: 0 });
  });

  it('says why there is no value, and never 0 or 1 instead', () => {
    const [tone] = agreementViews(counted('tone', [['a', 'calm']]));

    expect(tone!.krippendorff).toEqual({ value: null, reason: 'not enough overlap', low: null, high: null });
  });

  it('is empty before anybody has labelled', () => {
    expect(agreementViews([])).toEqual([]);
  });
});
