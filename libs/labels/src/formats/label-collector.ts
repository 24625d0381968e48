import { confidenceOf } from '../confidence.ts';
import type { ConfidenceFault } from '../confidence.ts';
import { isBlankLabel } from '../label.ts';
import type { Label, LabelOrigin } from '../label.ts';
import { rowReasons } from '../reasons.ts';
import type { NotVoteReason, RowReason } from '../reasons.ts';
import type { FileNote } from '../record-reader.ts';
import type { ReadResult, RejectedAnswer } from './label-format.ts';
import type { Loss } from './loss.ts';
import { parseAside, placeOf, restored } from './loss.ts';
import { rowOf } from './tool-row.ts';

/** A label as a file shows it: its place and its confidence are still to be judged. */
export interface ShownLabel extends Omit<Label, 'confidence' | 'origin'> {
  /** As the file says it. */
  readonly confidence: unknown;
  readonly origin: Omit<LabelOrigin, 'path' | 'row'>;
}

/** What a reader gathers while it goes through a file. It numbers the rows. */
export class LabelCollector {
  readonly #path: string;
  readonly #labels: Label[] = [];
  readonly #rejected: RejectedAnswer[] = [];
  readonly #references: Label[] = [];
  readonly #notVotes: Partial<Record<NotVoteReason, number>> = {};
  readonly #notes: FileNote[] = [];
  readonly #losses: Loss[] = [];
  #rows = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** A vote as the file shows it, with what stands aside for it. */
  vote(shown: ShownLabel, aside?: unknown): void {
    const confidence = confidenceOf(shown.confidence);
    if (typeof confidence === 'string') return this.reject(firstReason(shown, confidence), rowOf(shown));
    this.#rows += 1;
    this.#labels.push(this.#labelOf(shown, confidence, aside));
  }

  reference(shown: ShownLabel, aside?: unknown): void {
    const confidence = confidenceOf(shown.confidence);
    this.#references.push(this.#labelOf(shown, typeof confidence === 'string' ? null : confidence, aside));
    this.notVote('ground_truth');
  }

  notVote(reason: NotVoteReason, count = 1): void {
    if (count > 0) this.#notVotes[reason] = (this.#notVotes[reason] ?? 0) + count;
  }

  /** An answer that should be a vote and cannot be one. */
  reject(reason: RowReason, record: unknown, why = `${reason}: ${rowReasons[reason]}`): void {
    this.loss('label', why);
    this.#rows += 1;
    this.#rejected.push({ row: this.#rows, reason, record });
  }

  /** Something that the next row does not say. */
  loss(what: string, why: string): void {
    this.#losses.push({ what, where: `${this.#path}#${this.#rows + 1}`, why, isKept: false });
  }

  /** Something that concerns all rows. */
  lossOfFile(what: string, why: string): void {
    this.#losses.push({ what, where: this.#path, why, isKept: false });
  }

  noteRepeatedHeaders(count: number): void {
    if (count > 0) this.note({ code: 'repeated_header', count });
  }

  note(note: FileNote): void {
    this.#notes.push(note);
  }

  result(): ReadResult {
    return {
      labels: this.#labels,
      rejected: this.#rejected,
      references: this.#references,
      notVotes: this.#notVotes,
      notes: this.#notes,
      losses: this.#losses,
    };
  }

  #labelOf(shown: ShownLabel, confidence: number | null, json: unknown): Label {
    const label: Label = { ...shown, confidence, origin: { ...shown.origin, path: this.#path, row: this.#rows } };
    const aside = parseAside(json);
    if (aside === undefined) return label;
    const whole = restored(label, aside);
    if (whole === undefined) {
      const why = 'the label was changed since it was written';
      this.#losses.push({ what: 'aside', where: placeOf(label), why, isKept: false });
    }
    return whole ?? label;
  }
}

/** What is wrong with the confidence comes last (docs/label-rules.md#4-rejected-rows). */
function firstReason({ docId, text, value }: ShownLabel, fault: ConfidenceFault): RowReason {
  if (`${docId ?? ''}${text ?? ''}`.trim() === '') return 'missing_text';
  return isBlankLabel(value) ? 'missing_label' : fault;
}

/** A vote is as sure as its least sure part; a part that says nothing, or is no confidence, speaks for the whole. */
export function partsOf(said: readonly unknown[]): Pick<ShownLabel, 'confidence' | 'partConfidences'> {
  const parts = said.map(confidenceOf);
  const known = parts.filter((part) => typeof part === 'number');
  if (known.length === parts.length && known.length > 0) {
    return { confidence: Math.min(...known), partConfidences: known };
  }
  return { confidence: said[parts.findIndex((part) => typeof part === 'string')] ?? null, partConfidences: null };
}
