import type { DisagreementLine } from '@assay/shared/contracts/disagreement-line';
import type { DecidedField, DecisionEvent, GoldLine, VoteView } from '@assay/shared/contracts/gold-line';

export const streams = ['gold', 'disagreements'] as const;
export type Stream = (typeof streams)[number];
type Op = 'add' | 'retract';

export type Verdict = DecisionEvent['verdict'];

export interface StreamLine {
  readonly stream: Stream;
  readonly doc_id: string;
  readonly life: number;
  readonly version: number;
  readonly op: Op;
  readonly line: string;
}

/** A text that is gone was erased, whatever an older decision says. */
export const verdictOn = (decision: DecisionEvent, text: string | null): Verdict =>
  text === null ? 'erased' : decision.verdict;

/** The stream in which a document stands after this verdict was applied. */
const streamOf: Readonly<Partial<Record<Verdict, Stream>>> = { gold: 'gold', disagreement: 'disagreements' };

/**
 * What a decision newer than all applied ones says to each stream. In a stream an add replaces an earlier add, because the
 * confidence or the votes may have changed; a retraction is written only where an add stands, so a document that was never
 * gold leaves no trace in the gold stream. `applied` is the verdict that was applied before, which tells where it stands.
 */
export function linesFor(decision: DecisionEvent, text: string | null, applied: Verdict | null): readonly StreamLine[] {
  const { doc_id, life, version } = decision;
  const verdict = verdictOn(decision, text);
  const standsIn = applied === null ? undefined : streamOf[applied];
  const retract = { v: 1, op: 'retract', doc_id, life, version, reason: verdict } as const;
  const written: Record<Stream, GoldLine | DisagreementLine | null> = {
    gold: verdict === 'gold' ? goldAdd(decision, text!) : retract,
    disagreements: verdict === 'disagreement' ? disagreementAdd(decision, text!) : retract,
  };
  return streams.flatMap((stream): StreamLine[] => {
    const line = written[stream]!;
    if (line.op === 'retract' && standsIn !== stream) return [];
    return [{ stream, doc_id, life, version, op: line.op, line: JSON.stringify(line) }];
  });
}

function goldAdd({ doc_id, life, version, fields, decided_at }: DecisionEvent, text: string): GoldLine {
  const decided = Object.entries(fields).filter(([, { verdict }]) => verdict === 'gold');
  const confidence_score = Math.min(...decided.map(([, field]) => field.confidence_score!));
  const annotators = [...new Set(decided.flatMap(([, field]) => field.annotators))].toSorted();
  const label =
    Object.keys(fields).length === 1
      ? { label: decided[0]![1].label }
      : { labels: Object.fromEntries(decided.map(([name, field]) => [name, field.label])) };
  return { v: 1, op: 'add', doc_id, life, version, text, ...label, confidence_score, annotators, decided_at };
}

function disagreementAdd({ doc_id, life, version, fields, votes }: DecisionEvent, text: string): DisagreementLine {
  const disputed = new Set(Object.keys(fields).filter((name) => fields[name]!.verdict === 'disagreement'));
  const hasFields = Object.keys(fields).length > 1;
  return {
    v: 1,
    op: 'add',
    doc_id,
    life,
    version,
    text,
    labels: distinct([...disputed].map((name) => fields[name]!)),
    votes: votes.filter(({ field, status }) => status === 'live' && disputed.has(field)).map(shownVote(hasFields)),
  };
}

function distinct(fields: readonly DecidedField[]): unknown[] {
  const labels = fields.flatMap((field) => field.labels);
  return [...new Map(labels.map((label) => [JSON.stringify(label), label])).values()];
}

const shownVote =
  (hasFields: boolean) =>
  ({ field, annotator_id, value, confidence_score, row }: VoteView) => ({
    ...(hasFields ? { field } : {}),
    annotator_id,
    label: value,
    confidence_score,
    row,
  });
