import type { SeenAnswer, SeenItem } from '../tool-source.ts';

/** A version of an answer that stands in a label file. */
export interface KnownAnswer {
  readonly itemId: string;
  readonly answerId: string;
  readonly version: string;
  readonly path: string;
}

export interface Difference {
  /** Items with those of their answers that stand in no file as they are now. */
  readonly toWrite: readonly SeenItem[];
  /** What stands in a file and is no longer so. */
  readonly toTakeBack: readonly TakenBack[];
}

export interface TakenBack extends KnownAnswer {
  /** There is no such answer any more, in whatever version. */
  readonly isGone: boolean;
}

/**
 * What label files say of some items, and what the tool shows of them now. An item that is not seen is gone, and every answer to
 * it. Tools give ids of deleted items to new ones (Label Studio on SQLite), so an answer is looked for by its own id alone.
 */
export function compareAnswers(known: readonly KnownAnswer[], seen: readonly SeenItem[]): Difference {
  const current = new Map(seen.flatMap(({ answers }) => answers.map((answer) => [answer.id, answer] as const)));
  const standing = new Set(known.map(({ answerId, version }) => keyOf(answerId, version)));
  const isNew = ({ id, version }: SeenAnswer): boolean => !standing.has(keyOf(id, version));
  return {
    toWrite: seen
      .map((item) => ({ ...item, answers: item.answers.filter(isNew) }))
      .filter(({ answers }) => answers.length > 0),
    toTakeBack: known.flatMap((answer) => {
      const now = current.get(answer.answerId);
      return now?.version === answer.version ? [] : [{ ...answer, isGone: now === undefined }];
    }),
  };
}

const keyOf = (answerId: string, version: string): string => `${answerId} ${version}`;
