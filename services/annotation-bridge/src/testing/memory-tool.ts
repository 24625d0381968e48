import type { BatchLimits, Target, TargetKind } from '../targets/target.ts';

/** What a tool holds: it gives each copy of a document another id, as Label Studio does. */
export interface Task {
  readonly id: string;
  readonly docId: string;
}

export interface MemoryTool {
  readonly target: Target;
  readonly kind: TargetKind;
  readonly tasks: Task[];
  /** How many requests it got. */
  readonly requests: () => number;
  /** Takes only so many documents of the next request, then the connection is gone. */
  failAfter(documents: number): void;
  /** The next request is never answered. */
  hang(): void;
  refuse(docId: string, why: string): void;
}

/** A labeling tool in memory without any idempotency: a document that is sent twice is there twice. */
export function createMemoryTool(name: string, limits: BatchLimits, tryWithinMs = 60_000): MemoryTool {
  const tasks: Task[] = [];
  const refusals = new Map<string, string>();
  let requests = 0;
  let left = Number.POSITIVE_INFINITY;
  let isHanging = false;

  const target: Target = {
    name,
    limits,
    tryWithinMs,
    encode: (batchId, _at, documents) => [
      { name: batchId, content: Buffer.from(JSON.stringify({ batchId, documents })) },
    ],
    async find({ docIds }) {
      const wanted = new Set(docIds);
      return new Map(tasks.filter(({ docId }) => wanted.has(docId)).map(({ docId, id }) => [docId, id]));
    },
    async send({ docIds }, missing, signal) {
      requests++;
      if (isHanging) {
        isHanging = false;
        signal.throwIfAborted(); // a slow machine may have used up the time before it came here
        await new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(new Error('the request was aborted'))),
        );
      }
      const taken = docIds.filter((docId) => missing.has(docId) && !refusals.has(docId));
      for (const docId of taken.slice(0, left)) tasks.push({ docId, id: `task-${tasks.length + 1}` });
      if (left < taken.length) {
        left = Number.POSITIVE_INFINITY;
        throw new TypeError('fetch failed');
      }
      const ours = tasks.filter(({ docId }) => missing.has(docId));
      return {
        externalIds: new Map(ours.map(({ docId, id }) => [docId, id])),
        refused: new Map([...refusals].filter(([docId]) => missing.has(docId))),
      };
    },
    ping: async () => {},
  };
  return {
    target,
    kind: { name, open: async () => target },
    tasks,
    requests: () => requests,
    failAfter: (documents) => void (left = documents),
    hang: () => void (isHanging = true),
    refuse: (docId, why) => void refusals.set(docId, why),
  };
}
