import { stringsOf, withStrings } from './json-strings.ts';
import { createMasker, type Masked, type MaskerOptions } from './masker.ts';
import { createOffsetMap, type OffsetMap } from './offsets.ts';
import type { PseudonymKey } from './operators.ts';

/** What one person or model said about a document, as far as it is text. */
export interface LabelTexts {
  /** The document's text as the row repeats it; null when it only names the document. */
  readonly text: string | null;
  /** What is compared with what others say: choices, answers in words, the names of spans. */
  readonly answers: readonly string[];
  /** Notes, comments and all else the tool knows, as JSON. */
  readonly notes: unknown;
  readonly annotator: string | null;
}

export interface MaskedLabelTexts extends LabelTexts {
  /** How many values were masked, by kind. */
  readonly counts: Readonly<Record<string, number>>;
  /** From places in the text as it came to places in the masked one: spans are moved by `rangeToMasked`. */
  readonly offsets: OffsetMap;
}

export interface LabelMaskerOptions extends Omit<MaskerOptions, 'operator'> {
  /**
   * For answers and annotators. Numbers would not do: they begin anew in each row, and two people who gave different
   * e-mail addresses would both have said `<EMAIL_1>` and agree.
   */
  readonly pseudonym: PseudonymKey;
  /** What becomes of an annotator's id that holds an e-mail address. Every other id stays as it is. */
  readonly annotators: 'keep' | 'pseudonym';
}

export interface LabelMasker {
  maskLabel(label: LabelTexts): MaskedLabelTexts;
}

export function createLabelMasker({ pseudonym, annotators, ...options }: LabelMaskerOptions): LabelMasker {
  const inText = createMasker(options);
  const inAnswers = createMasker({ ...options, operator: { pseudonym } });
  const inAnnotators = createMasker({ types: ['EMAIL_ADDRESS'], operator: { pseudonym } });
  return {
    maskLabel: ({ text, answers, notes, annotator }) => {
      const strings = [...stringsOf(notes, 'notes')];
      const [maskedText, ...maskedNotes] = inText.maskTogether(
        [text ?? '', ...strings.map((string) => string.text)],
        ['text', ...strings.map(({ name }) => name)],
      ) as [Masked, ...Masked[]];
      // One by one: what an answer becomes must not depend on the others.
      const maskedAnswers = answers.map((answer) => inAnswers.mask(answer));
      const maskedAnnotator = annotators === 'keep' ? undefined : inAnnotators.mask(annotator ?? '');
      let next = 0;
      return {
        text: text === null ? null : maskedText.text,
        answers: maskedAnswers.map((masked) => masked.text),
        notes: withStrings(notes, () => (maskedNotes[next++] as Masked).text),
        annotator: firstPseudonym(maskedAnnotator) ?? annotator,
        counts: countKinds([
          maskedText,
          ...maskedNotes,
          ...maskedAnswers,
          ...(maskedAnnotator ? [maskedAnnotator] : []),
        ]),
        offsets: createOffsetMap(maskedText),
      };
    },
  };
}

/** The address alone: `Jane <jane@example.com>` and `jane@example.com` are one annotator, and Jane is a name. */
function firstPseudonym(masked: Masked | undefined): string | undefined {
  const place = masked?.maskedSpans[0];
  return place && masked?.text.slice(place.start, place.end);
}

function countKinds(all: readonly Masked[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { spans } of all) for (const { type } of spans) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
