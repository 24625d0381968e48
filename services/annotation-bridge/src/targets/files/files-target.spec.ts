import type { BlobStore } from '@assay/shared/blob/blob-store';
import { createMemoryBlobStore } from '@assay/shared/testing/memory-blob-store';
import { describeTarget } from '../target.contract.ts';
import { createFilesTarget } from './files-target.ts';

const settings = { maxDocuments: 3, maxBytes: 10_000, maxAgeMs: 0, fieldPaths: [], formulas: 'keep' as const };

/** The doc_ids of all CSVs: one for each row. */
async function documentsIn(blobs: BlobStore): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name } of blobs.list(''))
    if (name.endsWith('.csv'))
      found.push(
        ...(Buffer.from((await blobs.read(name))!)
          .toString()
          .match(/^[0-9a-f]{32}(?=,)/gm) ?? []),
      );
  return found;
}

describeTarget('files', async () => {
  const blobs = createMemoryBlobStore();
  return { target: createFilesTarget(blobs, settings), held: () => documentsIn(blobs) };
});
