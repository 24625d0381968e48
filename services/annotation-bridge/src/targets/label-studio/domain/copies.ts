/** As much of a task as tells whether it may go. */
export interface Copy {
  readonly id: number;
  readonly docId: string;
  /** Somebody has labelled it, or begun to. */
  readonly isWorkedOn: boolean;
}

export interface Choice {
  /** The task that stands for each document: one that somebody has worked on, else the first. */
  readonly standing: ReadonlyMap<string, number>;
  /** Nobody has worked on them. */
  readonly surplus: readonly number[];
  /** Further copies that people have worked on: their labels count, and only a person may take them away. */
  readonly workedOn: ReadonlyMap<string, readonly number[]>;
}

/** Which of the tasks of a document stands for it where an import was cut off and made again. */
export function chooseCopies(tasks: readonly Copy[]): Choice {
  const standing = new Map<string, number>();
  const surplus: number[] = [];
  const workedOn = new Map<string, readonly number[]>();
  for (const [docId, copies] of Map.groupBy(tasks, (task) => task.docId)) {
    const inOrder = copies.toSorted((a, b) => Number(b.isWorkedOn) - Number(a.isWorkedOn) || a.id - b.id);
    const [first, ...others] = inOrder as [Copy, ...Copy[]];
    standing.set(docId, first.id);
    surplus.push(...others.filter((copy) => !copy.isWorkedOn).map(({ id }) => id));
    const kept = others.filter((copy) => copy.isWorkedOn).map(({ id }) => id);
    if (kept.length > 0) workedOn.set(docId, kept);
  }
  return { standing, surplus, workedOn };
}
