import {
  createLabelStudioApi,
  type LabelStudioApi,
  type LabelStudioTask,
} from '../../targets/label-studio/label-studio-api.ts';
import { withFraction } from '../../targets/label-studio/domain/task-query.ts';
import { labelStudioAccess, labelStudioTarget } from '../../targets/label-studio/label-studio-target.ts';
import type { Changes, SeenItem, ToolSource, ToolSourceKind } from '../tool-source.ts';
import { seenTask } from './seen-task.ts';

/** Tasks of one page: a round is to end before its lease. */
const PAGE_SIZE = 500;

/** Ids in one address. */
const LOOKED_AT_ONCE = 100;

/** A change is dated before it can be seen, by as long as its transaction takes; what is younger than this is read again. */
const OVERLAP_MS = 60_000;

/** Label Studio's dates have microseconds, and a date without a fraction makes its server fail. */
const BEGINNING = '1970-01-01T00:00:00.000000Z';

export const labelStudioSource: ToolSourceKind = {
  name: labelStudioTarget.name,
  open: (config) => createLabelStudioSource(createLabelStudioApi(labelStudioAccess(config))),
};

/**
 * `updated_at` of a task moves with every annotation that is made, changed or deleted; not when the task itself is deleted. Its
 * answers are always asked for: the server's own count of them (`total_annotations`) would be cheaper to ask, but it lags behind
 * what it counts, and an answer that seems to be gone is taken back.
 */
export function createLabelStudioSource(api: LabelStudioApi, now = (): Date => new Date()): ToolSource {
  return {
    name: labelStudioTarget.name,
    answersKey: 'annotations',

    async look(itemIds, signal): Promise<readonly SeenItem[]> {
      const found: SeenItem[] = [];
      for (let at = 0; at < itemIds.length; at += LOOKED_AT_ONCE) {
        const some = itemIds.slice(at, at + LOOKED_AT_ONCE).map(Number);
        const query = {
          where: { column: 'id', isOneOf: some },
          orderBy: 'id',
          page: 1,
          pageSize: some.length,
        } as const;
        found.push(...(await api.tasks(query, signal)).map(seenTask));
      }
      return found;
    },

    async changes(cursor, signal): Promise<Changes> {
      const from = cursor ?? BEGINNING;
      const unsure = microseconds(now().getTime() - OVERLAP_MS);
      const where = { column: 'updated_at', isAtLeast: from } as const;
      const found: LabelStudioTask[] = [];
      for (let page = 1; ; page++) {
        const tasks = await api.tasks({ where, orderBy: 'updated_at', page, pageSize: PAGE_SIZE }, signal);
        found.push(...tasks);
        const last = withFraction(found.at(-1)?.updated_at ?? from);
        const isEnd = tasks.length < PAGE_SIZE;
        // A whole page of one instant (an import may make one) is followed by its next page; any other by its last instant.
        if (!isEnd && last === from) continue;
        const next = isEnd && unsure < last ? laterOf(from, unsure) : last;
        return { items: found.map(seenTask), cursor: next, isEnd };
      }
    },
  };
}

const laterOf = (a: string, b: string): string => (a > b ? a : b);

const microseconds = (time: number): string => `${new Date(time).toISOString().slice(0, -1)}000Z`;
