import type { BlobStore } from '@assay/shared/blob/blob-store';
import { openBlobStore } from '@assay/shared/blob/open-blob-store';
import { sha256Of, writeOnce } from '@assay/shared/blob/write-once';
import { containers, manifestName, outgoingName } from '@assay/shared/contracts/blobs';
import type { BatchLimits, BatchPart, Receipt, Target, TargetKind } from '../target.ts';
import { encodeBatch, encodeManifest, type Formulas, shownText } from './domain/csv-batch.ts';

/** The same bytes under the same name are harmless twice, so a batch whose sender died need not wait long. */
const TRY_WITHIN_MS = 15_000;

/** CSV batches in blob storage, each with a manifest that leads from its rows back to documents. */
export const filesTarget: TargetKind = {
  name: 'files',
  open: async (config) =>
    createFilesTarget(await openBlobStore(config.BLOB_CONNECTION_STRING, containers.outgoing), {
      maxDocuments: config.ANNOTATION_BRIDGE_BATCH_MAX_ROWS,
      maxBytes: config.ANNOTATION_BRIDGE_BATCH_MAX_BYTES,
      maxAgeMs: config.ANNOTATION_BRIDGE_BATCH_MAX_AGE_MS,
      fieldPaths: config.ANNOTATION_BRIDGE_CSV_FIELDS,
      formulas: config.ANNOTATION_BRIDGE_CSV_FORMULAS,
    }),
};

export interface FilesSettings extends BatchLimits {
  /** Further columns: paths into the fields of a ticket. */
  readonly fieldPaths: readonly string[];
  readonly formulas: Formulas;
}

export function createFilesTarget(blobs: BlobStore, settings: FilesSettings): Target {
  return {
    name: filesTarget.name,
    limits: settings,
    tryWithinMs: TRY_WITHIN_MS,

    /** The manifest comes first: whoever sees a CSV can already find its way back. */
    encode(batchId, at, documents) {
      const name = outgoingName(batchId, at);
      const content = encodeBatch(documents, settings.fieldPaths, settings.formulas);
      const rows = documents.map(({ doc_id, text }, index) => ({
        row: index + 1,
        doc_id,
        text_sha256: sha256Of(Buffer.from(shownText(text, settings.formulas))),
      }));
      return [
        { name: manifestName(name), content: encodeManifest(name, sha256Of(content), rows) },
        { name, content },
      ];
    },

    async find(batch) {
      for (const part of batch.parts) if (!(await isThere(blobs, part))) return new Map();
      return new Map(batch.docIds.map((docId) => [docId, '']));
    },

    async send(batch): Promise<Receipt> {
      for (const { name, content } of batch.parts) await writeOnce(blobs, name, content, sha256Of(content));
      return { externalIds: new Map(), refused: new Map() };
    },

    ping: () => blobs.ping(),
  };
}

async function isThere(blobs: BlobStore, { name, content }: BatchPart): Promise<boolean> {
  return (await blobs.metadata(name))?.['sha256'] === sha256Of(content);
}
