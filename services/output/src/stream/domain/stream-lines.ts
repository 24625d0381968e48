import type { DisagreementLine } from '@assay/shared/contracts/disagreement-line';
import type { DecidedField, DecisionEvent, GoldLine, VoteView } from '@assay/shared/contracts/gold-line';

export const streams = ['gold', 'disagreements'] as const;
export type Stream = (typeof streams)[number];
export type Op = 'add' | 'retract';

/** What the newest line of a document says in each stream; null where it has none. */
export type LastOps = Readonly<Record<Stream, Op | null>>;

export interface StreamLine {
  readonly stream: Stream;
  readonly doc_id: string;
  readonly version: number;
  readonly op: Op;
  readonly line: string;
}

/**
 * What a decision newer than all applied ones says to each stream. In a stream an add replaces an earlier add, because the
 * confidence or the votes may have changed; a retraction is written only where an add stands, so a document that was never
 * gold leaves no trace in the gold stream.
 */
export function linesFor(decision: DecisionEvent, text: string | null, lastOps: LastOps): readonly StreamLine[] {
  const { doc_id, version } = decision;
  // A text that is gone was erased, whatever an older decision says.
  const verdict = text === null ? 'erased' : decision.verdict;
  const retract = { v: 1, op: 'retract', doc_id, version, reason: verdict } as const;
  const written: Record<Stream, GoldLine | DisagreementLine | null> = {
    gold: verdict === 'gold' ? goldAdd(decision, text!) : retract,
    disagreements: verdict === 'disagreement' ? disagreementAdd(decision, text!) : retract,
  };
  return streams.flatMap((stream): StreamLine[] => {
    const line = written[stream]!;
    if (line.op === 'retract' && lastOps[stream] !== 'add') return [];
    return [{ stream, doc_id, version, op: line.op, line: JSON.stringify(line) }];
  });
}

function goldAdd({ doc_id, version, fields, decided_at }: DecisionEvent, text: string): GoldLine {
  const decided = Object.entries(fields).filter(([, { verdict }]) => verdict === 'gold');
  const confidence_score = Math.min(...decided.map(([, field]) => field.confidence_score!));
  const annotators = [...new Set(decided.flatMap(([, field]) => field.annotators))].toSorted();
  const label =
    Object.keys(fields).length === 1
      ? { label: decided[0]![1].label }
      : { labels: Object.fromEntries(decided.map(([name, field]) => [name, field.label])) };
  return { v: 1, op: 'add', doc_id, version, text, ...label, confidence_score, annotators, decided_at };
}

function disagreementAdd({ doc_id, version, fields, votes }: DecisionEvent, text: string): DisagreementLine {
  const disputed = new Set(Object.keys(fields).filter((name) => fields[name]!.verdict === 'disagreement'));
  const hasFields = Object.keys(fields).length > 1;
  return {
    v: 1,
    op: 'add',
    doc_id,
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
