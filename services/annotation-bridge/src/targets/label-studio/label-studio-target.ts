import { PipelineError } from '@assay/shared/errors/pipeline-error';
import type { z } from 'zod';
import type { Batch, BatchLimits, Receipt, Surplus, Target, TargetKind } from '../target.ts';
import { toolOutage } from '../tool-client.ts';
import { chooseCopies, type Copy } from './domain/copies.ts';
import { labelConfigFaults } from './domain/label-config.ts';
import { dataKeys, encodeTasks, onlyTasksOf } from './domain/outgoing-tasks.ts';
import type { labelStudioFields } from './settings.ts';
import { createLabelStudioApi, LABEL_STUDIO, type LabelStudioApi, type LabelStudioTask } from './label-studio-api.ts';

/** More than any import and the looks before it take; a bridge that died in one keeps its documents waiting that long. */
const TRY_WITHIN_MS = 90_000;

const PING_WITHIN_MS = 5_000;

/** An id in a query is 40 characters, and many a proxy takes 8 KiB of address. */
const LOOKED_UP_AT_ONCE = 100;

/** Tasks of a project of Label Studio. It has no idempotency: what it has of a batch is found by the `doc_id` in its data. */
export const labelStudioTarget: TargetKind = {
  name: 'label-studio',
  open: async (config) =>
    createLabelStudioTarget(createLabelStudioApi(labelStudioAccess(config)), {
      maxDocuments: config.ANNOTATION_BRIDGE_BATCH_MAX_ROWS,
      maxBytes: config.ANNOTATION_BRIDGE_BATCH_MAX_BYTES,
      maxAgeMs: config.ANNOTATION_BRIDGE_BATCH_MAX_AGE_MS,
      fieldPaths: config.LABEL_STUDIO_FIELDS,
      overlap: config.LABEL_STUDIO_OVERLAP,
    }),
};

/** Its settings, where they are all there. */
export function labelStudioAccess(config: z.output<z.ZodObject<typeof labelStudioFields>>) {
  const { LABEL_STUDIO_URL: url, LABEL_STUDIO_API_KEY: apiKey, LABEL_STUDIO_PROJECT_ID: projectId } = config;
  if (url !== undefined && apiKey !== undefined && projectId !== undefined) return { url, apiKey, projectId };
  const needed = 'LABEL_STUDIO_URL, LABEL_STUDIO_API_KEY and LABEL_STUDIO_PROJECT_ID';
  throw new PipelineError('CONFIG_INVALID', `label-studio needs ${needed}`);
}

export interface LabelStudioSettings extends BatchLimits {
  /** Further keys of a task's data: paths into the fields of a ticket. */
  readonly fieldPaths: readonly string[];
  /** How many people see a task; the project's own setting stands where this is undefined. */
  readonly overlap: number | undefined;
}

export function createLabelStudioTarget(api: LabelStudioApi, settings: LabelStudioSettings): Target {
  const keys = dataKeys(settings.fieldPaths);
  let isChecked = false;

  /** Throws an outage that says what in the project is wrong: nothing that could not be labelled goes out. */
  async function checkProject(signal: AbortSignal): Promise<void> {
    const project = await api.project(signal);
    const [fault, ...more] = labelConfigFaults(project.label_config, keys);
    if (fault !== undefined) throw toolOutage(`${LABEL_STUDIO}: ${fault.what}; ${fault.fix}${andMore(more.length)}`);
    const { overlap } = settings;
    if (overlap !== undefined && project.maximum_annotations !== overlap) await api.setOverlap(overlap, signal);
  }

  async function copiesOf(docIds: readonly string[], signal: AbortSignal): Promise<readonly Copy[]> {
    const found: Copy[] = [];
    for (let at = 0; at < docIds.length; at += LOOKED_UP_AT_ONCE) {
      const where = { column: 'data.doc_id', isOneOf: docIds.slice(at, at + LOOKED_UP_AT_ONCE) } as const;
      const pageSize = LOOKED_UP_AT_ONCE;
      for (let page = 1, tasks; ; page++) {
        tasks = await api.tasks({ where, orderBy: 'id', page, pageSize }, signal);
        found.push(...tasks.map(copyOf));
        if (tasks.length < pageSize) break;
      }
    }
    return found;
  }

  return {
    name: labelStudioTarget.name,
    limits: settings,
    tryWithinMs: TRY_WITHIN_MS,

    encode: (batchId, _at, documents) => [
      { name: 'tasks.json', content: encodeTasks(batchId, documents, settings.fieldPaths) },
    ],

    async find({ docIds }, signal) {
      const { standing } = chooseCopies(await copiesOf(docIds, signal));
      return new Map([...standing].map(([docId, id]) => [docId, String(id)]));
    },

    async send({ parts }: Batch, missing, signal): Promise<Receipt> {
      if (!isChecked) await checkProject(signal);
      const { body, docIds } = onlyTasksOf(parts[0]!.content, missing);
      isChecked = false; // looked at again after whatever goes wrong
      const ids = await api.importTasks(body, signal);
      isChecked = true;
      if (ids.length !== docIds.length)
        throw toolOutage(
          `${LABEL_STUDIO} took ${ids.length} of ${docIds.length} documents; the next try sends the others`,
        );
      return { externalIds: new Map(docIds.map((docId, index) => [docId, String(ids[index])])), refused: new Map() };
    },

    async removeSurplus(docIds, signal): Promise<Surplus> {
      const { standing, surplus, workedOn } = chooseCopies(await copiesOf(docIds, signal));
      if (surplus.length > 0) await api.deleteTasks(surplus, signal);
      return {
        removed: surplus.length,
        externalIds: new Map([...standing].map(([docId, id]) => [docId, String(id)])),
        workedOn: new Map([...workedOn].map(([docId, ids]) => [docId, ids.map(String)])),
      };
    },

    ping: () => checkProject(AbortSignal.timeout(PING_WITHIN_MS)),
  };
}

const andMore = (count: number): string => (count === 0 ? '' : ` (and ${count} more)`);

const copyOf = ({ id, data, annotations, drafts }: LabelStudioTask): Copy => ({
  id,
  docId: String(data.doc_id),
  isWorkedOn: annotations.length + drafts.length > 0,
});
