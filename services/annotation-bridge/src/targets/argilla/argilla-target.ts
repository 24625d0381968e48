import type { BatchLimits, Receipt, Target, TargetKind } from '../target.ts';
import { toolOutage } from '../tool-client.ts';
import { ARGILLA, type ArgillaApi, createArgillaApi } from './argilla-api.ts';
import {
  argillaAccess,
  datasetSettings,
  type DatasetSettings,
  findDataset,
  findOrMakeDataset,
} from './argilla-dataset.ts';
import { encodeRecords, recordsIn } from './domain/outgoing-records.ts';

/** 500 records take it some seconds; a batch of the largest size is sent in many requests. */
const TRY_WITHIN_MS = 300_000;
const PING_WITHIN_MS = 5_000;

/** What one request may hold, and one question about ids. */
const SENT_AT_ONCE = 500;
const LOOKED_UP_AT_ONCE = 250;

/**
 * Records of a dataset of Argilla 2. A record is known by its external id, our `doc_id`, and a request that is sent again changes
 * it to what it is: so nothing is there twice, and there is no surplus to take away.
 */
export const argillaTarget: TargetKind = {
  name: 'argilla',
  open: async (config) =>
    createArgillaTarget(createArgillaApi(argillaAccess(config)), {
      maxDocuments: config.ANNOTATION_BRIDGE_BATCH_MAX_ROWS,
      maxBytes: config.ANNOTATION_BRIDGE_BATCH_MAX_BYTES,
      maxAgeMs: config.ANNOTATION_BRIDGE_BATCH_MAX_AGE_MS,
      metadataPaths: config.ARGILLA_METADATA,
      dataset: datasetSettings(config),
    }),
};

export interface ArgillaSettings extends BatchLimits {
  /** Further metadata: paths into the fields of a ticket. */
  readonly metadataPaths: readonly string[];
  readonly dataset: DatasetSettings;
}

export function createArgillaTarget(api: ArgillaApi, settings: ArgillaSettings): Target {
  /** Null until it was found, and again after whatever goes wrong: somebody may have made another of its name. */
  let known: string | null = null;

  async function inDataset<T>(signal: AbortSignal, work: (datasetId: string) => Promise<T>): Promise<T> {
    const id = known ?? (await findOrMakeDataset(api, settings.dataset, signal)).id;
    known = null;
    const result = await work(id);
    known = id;
    return result;
  }

  return {
    name: argillaTarget.name,
    limits: settings,
    tryWithinMs: TRY_WITHIN_MS,

    encode: (batchId, _at, documents) => [
      { name: `${batchId}.json`, content: encodeRecords(documents, settings.metadataPaths) },
    ],

    find: ({ docIds }, signal) =>
      inDataset(signal, async (datasetId) => {
        const found = new Map<string, string>();
        for (const ids of chunksOf(docIds, LOOKED_UP_AT_ONCE))
          for (const { id, external_id: docId } of await api.searchExternalIds(datasetId, ids, signal))
            if (docId !== null) found.set(docId, id);
        return found;
      }),

    send: ({ parts }, missing, signal) =>
      inDataset(signal, async (datasetId): Promise<Receipt> => {
        const records = recordsIn(parts[0]!.content).filter(({ external_id: docId }) => missing.has(docId));
        const externalIds = new Map<string, string>();
        for (const some of chunksOf(records, SENT_AT_ONCE))
          for (const { id, external_id: docId } of await api.upsert(datasetId, some, signal))
            if (docId !== null) externalIds.set(docId, id);
        if (externalIds.size === missing.size) return { externalIds, refused: new Map() };
        throw toolOutage(
          `${ARGILLA} took ${externalIds.size} of ${missing.size} documents; the next try sends the others`,
        );
      }),

    async ping() {
      await findDataset(api, settings.dataset, AbortSignal.timeout(PING_WITHIN_MS));
    },
  };
}

function* chunksOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
