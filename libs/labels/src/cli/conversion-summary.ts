import type { Conversion } from '../formats/convert-labels.ts';
import type { Loss } from '../formats/loss.ts';
import { notVoteReasons } from '../reasons.ts';
import type { NotVoteReason } from '../reasons.ts';

/** What a person should know after a conversion, in a few lines however long the loss report is. */
export function summaryOf(conversion: Conversion, names: { from: string; to: string }, note: string | null): string {
  const { read, references, written, losses } = conversion;
  const lines = [
    `assay convert: ${names.from} → ${names.to}: ${read} labels read, ${written} written.`,
    ...(note === null ? [] : [`  note: ${note}`]),
    ...notVoteLines(conversion),
    ...(read === 0 && references > 0
      ? ['  note: every annotation is ground truth, as imported ones are by default; --ground-truth vote counts them']
      : []),
    ...groups(losses).map(lossLine),
    ...(losses.length === 0 ? ['  nothing is lost.'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function notVoteLines({ notVotes }: Conversion): string[] {
  const reasons = Object.entries(notVotes) as [NotVoteReason, number][];
  return reasons.map(([reason, count]) => `  ${count} × not a vote, ${reason}: ${notVoteReasons[reason]}`);
}

interface LossGroup {
  readonly first: Loss;
  count: number;
}

function groups(losses: readonly Loss[]): LossGroup[] {
  const byKind = new Map<string, LossGroup>();
  for (const loss of losses) {
    const key = JSON.stringify([loss.what, loss.why, loss.isKept]);
    const group = byKind.get(key) ?? { first: loss, count: 0 };
    byKind.set(key, group);
    group.count += 1;
  }
  return [...byKind.values()].toSorted((left, right) => Number(left.first.isKept) - Number(right.first.isKept));
}

function lossLine({ first: { what, where, why, isKept }, count }: LossGroup): string {
  return `  ${count} × ${isKept ? 'kept aside' : 'lost'}: ${what} (${why}; first: ${where})`;
}
