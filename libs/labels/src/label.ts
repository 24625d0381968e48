// The canonical label: what one annotator said about one field of one document, whatever tool it came through.
// Every reader and every converter ends here or starts here. It holds no rule (threshold, newest vote, verdict):
// those are in votes.ts and decide.ts.
//
// A new kind of value is added in four places, and the compiler names each: LabelValue, labelKey, labelJson and the
// converters' switch statements.

/** A stretch of the document's text. Offsets count UTF-16 code units, `end` is exclusive; a converter for a tool that
 * counts code points (Argilla, spaCy, doccano) converts at its border. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** Null for a highlighted stretch without a name. */
  readonly label: string | null;
}

export type LabelValue =
  | { readonly kind: 'choice'; readonly choice: string }
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'spans'; readonly spans: readonly Span[] }
  | { readonly kind: 'rating'; readonly rating: number }
  | { readonly kind: 'text'; readonly text: string };

export type LabelKind = LabelValue['kind'];

/** Where a label was read: enough to open the raw file at the right record. */
export interface LabelOrigin {
  /** `label-studio`, `argilla`, `azure-ml`, …; `file` for a plain label file. */
  readonly tool: string;
  /** The tool's own id of the annotation or response; null where it exports none. */
  readonly id: string | null;
  /** Path below the label root, `/` as separator. */
  readonly path: string;
  /** Row in that file, counted from 1 (docs/label-rules.md#1-order): a data record, or an answer in the export of a tool. */
  readonly row: number;
  /** The tool's version of this label (`updated_at`, a revision, a format version); null where it has none. */
  readonly version: string | null;
}

export interface Label {
  /** Null where the source names no document; the text then stands for it (docs/label-rules.md#5-documents). */
  readonly docId: string | null;
  readonly text: string | null;
  /** A string whatever the tool uses (integer, e-mail, UUID); null for an anonymous vote. */
  readonly annotator: string | null;
  /** The question that was answered; `DEFAULT_FIELD` where the source has only one. */
  readonly field: string;
  readonly value: LabelValue;
  /** In [0,1]; null where the source has none. What that means is the reader's policy, not the label's. */
  readonly confidence: number | null;
  /** Confidence of each choice or span, in the order of `value`; null where the source has one or none for the whole. */
  readonly partConfidences: readonly number[] | null;
  /** As the source wrote it; `parseInstant` in instant.ts reads it. */
  readonly annotatedAt: string | null;
  readonly origin: LabelOrigin;
  /** Everything else the source said, under its own names: what makes a round trip lossless. */
  readonly extra: Readonly<Record<string, unknown>>;
}

export const DEFAULT_FIELD = 'label';

/** Two values are the same label exactly when their keys are equal.
 *
 * - choice, text: trimmed, case-sensitive.
 * - choices: a set, so order and repeats do not matter. A set of one is the same label as that choice: Label Studio
 *   exports one pick of a multiple-choice control bare and several as a list, and the two must not disagree.
 * - spans: a set of (start, end, label).
 * - rating: as a number.
 *
 * Kinds otherwise never equal each other: the rating 3 is not the choice "3". */
export function labelKey(value: LabelValue): string {
  switch (value.kind) {
    case 'choice':
      return `choice:${value.choice.trim()}`;
    case 'choices': {
      const choices = distinctChoices(value.choices);
      return choices.length === 1 ? `choice:${choices[0]}` : `choices:${JSON.stringify(choices)}`;
    }
    case 'spans':
      return `spans:${JSON.stringify(distinctSpans(value.spans).map((span) => [span.start, span.end, span.label]))}`;
    case 'rating':
      // -0 and 0 are one rating.
      return `rating:${String(value.rating === 0 ? 0 : value.rating)}`;
    case 'text':
      return `text:${value.text.trim()}`;
  }
}

export function isSameLabel(left: LabelValue, right: LabelValue): boolean {
  return labelKey(left) === labelKey(right);
}

/** True where the annotator said nothing: blank text, no choice. An empty set of spans is an answer ("no entity"). */
export function isBlankLabel(value: LabelValue): boolean {
  switch (value.kind) {
    case 'choice':
      return value.choice.trim() === '';
    case 'choices':
      return distinctChoices(value.choices).length === 0;
    case 'spans':
      return false;
    case 'rating':
      return Number.isNaN(value.rating);
    case 'text':
      return value.text.trim() === '';
  }
}

export type LabelJson = string | number | readonly string[] | readonly Span[];

/** The value as our own JSON outputs show it: equal labels always show the same JSON. */
export function labelJson(value: LabelValue): LabelJson {
  switch (value.kind) {
    case 'choice':
      return value.choice.trim();
    case 'choices': {
      const choices = distinctChoices(value.choices);
      return choices.length === 1 ? (choices[0] ?? '') : choices;
    }
    case 'spans':
      return distinctSpans(value.spans);
    case 'rating':
      return value.rating === 0 ? 0 : value.rating;
    case 'text':
      return value.text.trim();
  }
}

/** One line for a person or a column: text as it is, everything else as JSON. */
export function labelText(value: LabelValue): string {
  const json = labelJson(value);
  return typeof json === 'string' ? json : JSON.stringify(json);
}

/** Trimmed, without blanks and repeats, in code unit order. */
export function distinctChoices(choices: readonly string[]): string[] {
  return [...new Set(choices.map((choice) => choice.trim()).filter((choice) => choice !== ''))].toSorted();
}

function distinctSpans(spans: readonly Span[]): Span[] {
  const byKey = new Map(spans.map((span) => [JSON.stringify([span.start, span.end, span.label]), span]));
  return [...byKey.values()]
    .map(({ start, end, label }) => ({ start, end, label }))
    .toSorted((a, b) => a.start - b.start || a.end - b.end || compareText(a.label ?? '', b.label ?? ''));
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
