import type { BatchRow } from './batch-csv.ts';
import { chancesOf, pick } from './chance.ts';
import { type Topic, topicOf, topics } from './topics-of-tickets.ts';

/** A simulated person. */
export interface Annotator {
  readonly name: string;
  /** How often the first answer is right. */
  readonly accuracy: number;
  /** The share of a batch this person gets to. */
  readonly diligence: number;
}

export const annotators = [
  { name: 'alice', accuracy: 0.97, diligence: 0.95 },
  { name: 'bob', accuracy: 0.9, diligence: 0.85 },
  { name: 'carol', accuracy: 0.8, diligence: 0.7 },
] as const satisfies readonly Annotator[];

/** Reads what the others have agreed on, later, and sees it differently. */
export const reviewer = 'dana';

/** One row that a person writes into a label file, as text: some of it is wrong on purpose. */
export interface WrittenLabel {
  readonly docId: string;
  readonly text: string;
  readonly annotator: string;
  readonly label: string;
  readonly confidence: string;
  readonly at: string;
}

const CORRECTED_SHARE = 0.02;
const REPEATED_SHARE = 0.01;
const BROKEN_SHARE = 0.01;
const DISSENT_SHARE = 0.03;

const otherTopic = (right: Topic, chance: number): Topic =>
  pick(
    topics.filter((topic) => topic !== right),
    chance,
  );

/** Who is right is mostly sure of it; who is wrong mostly is not. */
function confidenceOf(isRight: boolean, chance: number): string {
  const [lowest, spread] = isRight ? [0.74, 0.26] : [0.5, 0.42];
  return (lowest + spread * chance).toFixed(2);
}

/** The k-th minute of the batch's day at noon: a clock would make other bytes in the next run. */
const instantOf = (day: string, row: number, minutes: number): string =>
  new Date(Date.parse(`${day}T12:00:00Z`) + row * 1000 + minutes * 60_000).toISOString().replace('.000Z', 'Z');

const brokenBy: readonly ((written: WrittenLabel) => WrittenLabel)[] = [
  (written) => ({ ...written, confidence: 'quite sure' }),
  (written) => ({ ...written, confidence: '95' }),
  (written) => ({ ...written, label: '' }),
];

/** What one person makes of one ticket: nothing, a label, or a label and its correction. */
export function labelsOf(annotator: Annotator, row: BatchRow, day: string, number: number): readonly WrittenLabel[] {
  const [attends, succeeds, errs, feels, corrects, repeats, breaks, how] = chancesOf(
    annotator.name,
    row.source,
    row.ticketId,
    row.text,
  );
  if (attends >= annotator.diligence) return [];
  const right = topicOf(row.text);
  const isRight = succeeds < annotator.accuracy;
  const written: WrittenLabel = {
    docId: row.docId,
    text: row.text,
    annotator: annotator.name,
    label: isRight ? right : otherTopic(right, errs),
    confidence: confidenceOf(isRight, feels),
    at: instantOf(day, number, 0),
  };
  if (breaks < BROKEN_SHARE) return [pick(brokenBy, how)(written)];
  if (corrects < CORRECTED_SHARE) {
    const slip = { ...written, label: otherTopic(right, how) };
    return [slip, { ...written, label: right, confidence: confidenceOf(true, feels), at: instantOf(day, number, 30) }];
  }
  return repeats < REPEATED_SHARE ? [written, written] : [written];
}

/** The reviewer contradicts some of what everybody who voted has agreed on. */
export function dissentOf(row: BatchRow, day: string, number: number): readonly WrittenLabel[] {
  const said = new Set(annotators.flatMap((annotator) => labelsOf(annotator, row, day, number).at(-1)?.label ?? []));
  const [agreed] = said;
  const [dissents, errs] = chancesOf(reviewer, row.source, row.ticketId, row.text);
  if (said.size !== 1 || agreed === '' || dissents >= DISSENT_SHARE) return [];
  return [
    {
      docId: row.docId,
      text: row.text,
      annotator: reviewer,
      label: pick(
        topics.filter((topic) => topic !== agreed),
        errs,
      ),
      confidence: '0.95',
      at: instantOf(day, number, 240),
    },
  ];
}
