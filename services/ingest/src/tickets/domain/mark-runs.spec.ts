import { describe, expect, it } from 'vitest';
import { hasLongMarkRun, MARK_RUN_MAX_LENGTH } from './mark-runs.ts';

const marks = (count: number) => '\u0316\u0301'.repeat(count / 2);

describe('a run of combining marks', () => {
  it.each([
    ['Vietnamese, decomposed', 'Tiê\u0301ng Viê\u0323t'.repeat(1_000).normalize('NFD')],
    ['Hebrew with points and accents', 'בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים'.repeat(1_000)],
    ['Thai', 'ที่นี่มีน้ำ'.repeat(1_000)],
    ['Tibetan', 'བསྒྲུབས'.repeat(1_000)],
    ['text for fun', `Z${marks(40)}a${marks(40)}l${marks(40)}g${marks(40)}o`],
    ['emoji with their selectors', '👩‍❤️‍💋‍👨❤️'.repeat(1_000)],
    ['no marks at all', 'x'.repeat(1_048_576)],
    ['many runs at the limit', `a${marks(MARK_RUN_MAX_LENGTH)}`.repeat(8_000)],
  ])('in %s is not too long', (_what, text) => expect(hasLongMarkRun(text)).toBe(false));

  it.each([
    ['one more than the limit', `a${marks(MARK_RUN_MAX_LENGTH)}\u0301`],
    ['a text of 1 MiB of nothing else', marks(524_288)],
    ['runs at the limit that repair would join', `a${`${marks(MARK_RUN_MAX_LENGTH)}\u200B`.repeat(4_000)}`],
  ])('that is %s is too long', (_what, text) => expect(hasLongMarkRun(text)).toBe(true));
});
