import { PipelineError } from '@assay/shared/errors/pipeline-error';
import { BlobServiceClient, RestError } from '@azure/storage-blob';

export interface ListedBlob {
  readonly path: string;
  readonly etag: string;
}

/** Label files where people and tools drop them. Read only; what was read is remembered in Postgres. */
export interface LabelBlobs {
  /** Every blob, in byte order of its path. */
  list(): AsyncIterable<ListedBlob>;
  /** Null when it is gone or was replaced while it was read; the next listing tells. */
  read(path: string): Promise<{ readonly bytes: Uint8Array; readonly etag: string } | null>;
  /** Resolves when the container answers; makes it when it is missing, so that there is a place to drop files. */
  ping(): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 30_000;

export function createAzureLabelBlobs(connectionString: string, container: string): LabelBlobs {
  const options = { retryOptions: { maxTries: 1, tryTimeoutInMs: REQUEST_TIMEOUT_MS } };
  const client = BlobServiceClient.fromConnectionString(connectionString, options).getContainerClient(container);
  return {
    async *list() {
      const blobs = client.listBlobsFlat();
      while (true) {
        const step = await attempt('listing label files', () => blobs.next(), [404]);
        if (step === null || step.done === true) return;
        yield { path: step.value.name, etag: bare(step.value.properties.etag) };
      }
    },

    read: (path) =>
      attempt(
        `reading label file ${path}`,
        async () => {
          const blob = client.getBlobClient(path);
          const { etag, contentLength = 0 } = await blob.getProperties();
          // A condition on every range, or a file replaced meanwhile would be read as half of each.
          const conditions = etag === undefined ? {} : { ifMatch: etag };
          const bytes =
            contentLength === 0 ? Buffer.alloc(0) : await blob.downloadToBuffer(0, undefined, { conditions });
          return { bytes, etag: bare(etag ?? '') };
        },
        [404, 412, 416],
      ),

    async ping() {
      await attempt(`reaching container ${container}`, () => client.createIfNotExists());
    },
  };
}

/** Azure lists an etag without the quotes that it has everywhere else. */
const bare = (etag: string): string => etag.replaceAll('"', '');

/** Null for a status that means "not there (any more)"; everything else the service or the network says is an outage. */
async function attempt<T>(doing: string, work: () => Promise<T>, absent: readonly number[] = []): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RestError && absent.includes(error.statusCode ?? 0)) return null;
    if (!(error instanceof RestError) && !(error instanceof Error && error.name === 'AbortError')) throw error;
    const reason = error instanceof RestError ? (error.code ?? `status ${error.statusCode}`) : error.name;
    throw new PipelineError('DEPENDENCY_UNAVAILABLE', `${doing}: ${reason}`, { cause: error, dependency: 'blob' });
  }
}
