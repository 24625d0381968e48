import { hash } from 'node:crypto';
import { z } from 'zod';
import { type ArgillaApi, type ArgillaRecord, createArgillaApi } from '../../targets/argilla/argilla-api.ts';
import {
  argillaAccess,
  datasetSettings,
  type DatasetSettings,
  findDataset,
} from '../../targets/argilla/argilla-dataset.ts';
import { argillaTarget } from '../../targets/argilla/argilla-target.ts';
import type { SeenAnswer, SeenItem, ToolSource, ToolSourceKind } from '../tool-source.ts';

const PAGE_SIZE = 500;

/** Records are asked for one by one, some at a time. */
const LOOKED_AT_TOGETHER = 8;

/** Since which activity of the dataset its records are being gone through, and how far that is. */
const cursorSchema = z.object({ dataset: z.string(), activity: z.string(), offset: z.int() });
type Cursor = z.output<typeof cursorSchema>;

export const argillaSource: ToolSourceKind = {
  name: argillaTarget.name,
  open: (config) => createArgillaSource(createArgillaApi(argillaAccess(config)), datasetSettings(config)),
};

/**
 * Nothing of a record moves when a second person answers it or an answer is changed; what moves is `last_activity_at` of the
 * dataset. So its records are gone through whenever that has moved, by the list: the search index may lack some. When a user is
 * deleted not even that moves, and only looking again finds that the answers are gone.
 */
export function createArgillaSource(api: ArgillaApi, settings: DatasetSettings): ToolSource {
  return {
    name: argillaTarget.name,
    answersKey: 'responses',

    async changes(text, signal) {
      const dataset = await findDataset(api, settings, signal);
      if (dataset === null) return { items: [], cursor: text ?? '', isEnd: true };
      const before = cursorIn(text);
      const isSame = before?.dataset === dataset.id;
      const isUnderWay = isSame && before.offset > 0;
      if (isSame && !isUnderWay && before.activity === dataset.last_activity_at)
        return { items: [], cursor: text!, isEnd: true };
      // What happens while they are gone through moves the activity on, and they are gone through again.
      const activity = isUnderWay ? before.activity : dataset.last_activity_at;
      const offset = isUnderWay ? before.offset : 0;
      const records = await api.records(dataset.id, offset, PAGE_SIZE, signal);
      const isEnd = records.length < PAGE_SIZE;
      const cursor: Cursor = { dataset: dataset.id, activity, offset: isEnd ? 0 : offset + records.length };
      return { items: records.map(seenRecord), cursor: JSON.stringify(cursor), isEnd };
    },

    async look(itemIds, signal) {
      const found: SeenItem[] = [];
      for (let at = 0; at < itemIds.length; at += LOOKED_AT_TOGETHER) {
        const some = itemIds.slice(at, at + LOOKED_AT_TOGETHER);
        const records = await Promise.all(some.map((id) => api.record(id, signal)));
        found.push(...records.flatMap((record) => (record === null ? [] : [seenRecord(record)])));
      }
      return found;
    },
  };
}

function cursorIn(text: string | null): Cursor | null {
  return text === null || text === '' ? null : cursorSchema.parse(JSON.parse(text));
}

function seenRecord({ responses, ...record }: ArgillaRecord): SeenItem {
  return { id: record.id, content: record, answers: responses.map(seenResponse) };
}

function seenResponse(response: ArgillaRecord['responses'][number]): SeenAnswer {
  const { id, updated_at, status, values, user_id } = response;
  const counts = JSON.stringify([updated_at, status, values, user_id]);
  return { id, version: hash('sha256', counts, 'hex').slice(0, 32), content: response };
}
