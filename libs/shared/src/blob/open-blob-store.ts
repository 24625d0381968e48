import { PipelineError } from '../errors/pipeline-error.ts';
import { belowPrefix } from './below-prefix.ts';
import { type BlobPlace, parseBlobPlace, PLACE_FORMS } from '../config/blob-place.ts';
import type { BlobStore } from './blob-store.ts';

/** One container of ours where BLOB_CONNECTION_STRING says. A client is loaded only where it is used. */
export async function openBlobStore(connectionString: string, container: string): Promise<BlobStore> {
  const place = parseBlobPlace(connectionString);
  if (place === null) throw new PipelineError('CONFIG_INVALID', `BLOB_CONNECTION_STRING must be ${PLACE_FORMS}`);
  return openPlace(place, container);
}

async function openPlace(place: BlobPlace, container: string): Promise<BlobStore> {
  switch (place.kind) {
    case 'azure': {
      const { createAzureBlobStore } = await import('./azure/azure-blob-store.ts');
      return createAzureBlobStore(place.connectionString, container);
    }
    case 'azure-account': {
      const { createAzureAccountStore } = await import('./azure/azure-blob-store.ts');
      const { inside } = place;
      if (inside === null) return createAzureAccountStore(place, container);
      return belowPrefix(await createAzureAccountStore(place, inside.bucket), `${inside.prefix}${container}/`);
    }
    case 's3': {
      const { createS3BlobStore } = await import('./s3/s3-blob-store.ts');
      return belowPrefix(createS3BlobStore(place), `${place.inside.prefix}${container}/`);
    }
    case 'folder': {
      const { createFolderBlobStore } = await import('./folder/folder-blob-store.ts');
      return createFolderBlobStore(`${place.path}/${container}`);
    }
  }
}
