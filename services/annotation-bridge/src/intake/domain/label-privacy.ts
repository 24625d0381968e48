import type { LabelValue } from '@assay/labels/label';
import { builtInEntities } from '@assay/pii/entity';
import { createLabelMasker, type LabelTexts } from '@assay/pii/label-texts';
import type { PseudonymKey } from '@assay/pii/masker';

/** What of a label row is somebody's: kinds and how many, never values. */
export type MaskedCounts = Readonly<Record<string, number>>;

export interface PrivateRow {
  readonly value: LabelValue;
  readonly text: string | null;
  readonly annotator: string | null;
}

export interface LabelPrivacy {
  maskRow(row: PrivateRow): PrivateRow & { readonly counts: MaskedCounts };
  /** The record of a rejected row, whatever is in it. */
  maskRecord(record: unknown): { readonly record: unknown; readonly counts: MaskedCounts };
}

export interface PrivacySettings {
  readonly pseudonym: PseudonymKey;
  readonly annotators: 'keep' | 'pseudonym';
}

/**
 * Choices come from a list that somebody wrote down, and `Paris` or `Grant` may stand in it: names are looked for only in what
 * annotators wrote in their own words. An address or a number is nobody's choice.
 */
const OF_WORDS_ALONE = new Set<string>(['PERSON', 'STREET_ADDRESS', 'ZIP_CODE', 'LOCATION']);

/**
 * Masks what comes back from people as tickets are masked, before anything stores it. People paste addresses into answers and
 * notes, and tools name annotators by their e-mail.
 */
export function createLabelPrivacy({ pseudonym, annotators }: PrivacySettings): LabelPrivacy {
  const inWords = createLabelMasker({ pseudonym, annotators });
  const types = builtInEntities.filter((type) => !OF_WORDS_ALONE.has(type));
  const inChoices = createLabelMasker({ pseudonym, annotators, types });
  return {
    maskRow({ value, text, annotator }) {
      const words = value.kind === 'text' ? [value.text] : [];
      const own = inWords.maskLabel({ text, answers: words, notes: null, annotator });
      const chosen = inChoices.maskLabel({ ...NOTHING, answers: choicesOf(value) });
      const masked = own.answers.length > 0 ? own.answers : chosen.answers;
      return {
        value: withTexts(value, masked),
        text: own.text,
        annotator: own.annotator,
        counts: sumOf(own.counts, chosen.counts),
      };
    },
    maskRecord(record) {
      const { notes, counts } = inWords.maskLabel({ ...NOTHING, notes: record });
      return { record: notes, counts };
    },
  };
}

const NOTHING: LabelTexts = { text: null, answers: [], notes: null, annotator: null };

/** The texts of an answer that was chosen rather than written. */
function choicesOf(value: LabelValue): readonly string[] {
  switch (value.kind) {
    case 'choice':
      return [value.choice];
    case 'choices':
      return value.choices;
    case 'spans':
      return value.spans.map(({ label }) => label ?? '');
    case 'text':
    case 'rating':
      return [];
  }
}

/** Spans keep their places: they count in the text that went out, which was masked already. */
function withTexts(value: LabelValue, texts: readonly string[]): LabelValue {
  switch (value.kind) {
    case 'choice':
      return { ...value, choice: texts[0]! };
    case 'choices':
      return { ...value, choices: texts };
    case 'text':
      return { ...value, text: texts[0]! };
    case 'spans':
      return {
        ...value,
        spans: value.spans.map((span, index) => ({ ...span, label: span.label === null ? null : texts[index]! })),
      };
    case 'rating':
      return value;
  }
}

export function sumOf(...all: readonly MaskedCounts[]): MaskedCounts {
  const sum: Record<string, number> = {};
  for (const counts of all) for (const [type, count] of Object.entries(counts)) sum[type] = (sum[type] ?? 0) + count;
  return sum;
}
