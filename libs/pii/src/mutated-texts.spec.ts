import { describe, expect, it } from 'vitest';
import { createMasker } from './masker.ts';
import { mutatedText } from './testing/mutations.ts';

/** `npm test -- long` takes 100,000. */
const RUNS = Number(process.env['ASSAY_MUTATIONS'] ?? 500);

/** Other texts than those of properties.spec.ts. */
const FIRST_SEED = 1_000_000_000;

describe('masking mutated texts', { timeout: 60_000 + RUNS * 10 }, () => {
  const masker = createMasker();

  it(`throws for none of ${RUNS}, and changes nothing when it is done twice`, () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
      const once = masker.mask(mutatedText(seed)).text;
      expect(masker.mask(once).text, `seed ${seed}`).toBe(once);
    }
  });

  it(`holds for ${RUNS} tickets of some strings`, () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
      const strings = Array.from({ length: 2 + (seed % 3) }, (_, i) => mutatedText(seed * 4 + i));
      const once = masker.maskTogether(strings).map(({ text }) => text);
      expect(
        masker.maskTogether(once).map(({ text }) => text),
        `seed ${seed}`,
      ).toEqual(once);
    }
  });
});
