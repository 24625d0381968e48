import { BlobServiceClient, type ContainerClient, RestError } from '@azure/storage-blob';
import { PipelineError } from '../errors/pipeline-error.ts';
import type { BlobStore } from './blob-store.ts';

/** A request that hangs must fail before the consumer's session does, and before the transaction a plan is done in. */
const REQUEST_TIMEOUT_MS = 8_000;

/** One container of Azure Blob Storage or Azurite. Its own retries are off: the lane's backoff heartbeats while it waits. */
export function createAzureBlobStore(connectionString: string, container: string): BlobStore {
  const options = { retryOptions: { maxTries: 1, tryTimeoutInMs: REQUEST_TIMEOUT_MS } };
  const client = BlobServiceClient.fromConnectionString(connectionString, options).getContainerClient(container);
  const blob = (name: string) => client.getBlockBlobClient(name);

  return {
    create: (name, bytes, metadata) =>
      attempt(`writing blob ${name}`, async () => {
        const conditions = { ifNoneMatch: '*' };
        try {
          await withContainer(client, () =>
            blob(name).upload(bytes, bytes.byteLength, { metadata: { ...metadata }, conditions }),
          );
          return 'created';
        } catch (error) {
          if (hasStatus(error, 409, 412)) return 'exists';
          throw error;
        }
      }),

    replace: (name, bytes, metadata) =>
      attempt(`replacing blob ${name}`, async () => {
        await withContainer(client, () => blob(name).upload(bytes, bytes.byteLength, { metadata: { ...metadata } }));
      }),

    read: (name) => attempt(`reading blob ${name}`, () => orNull(() => blob(name).downloadToBuffer())),

    metadata: (name) =>
      attempt(`reading the metadata of blob ${name}`, () =>
        orNull(async () => (await blob(name).getProperties()).metadata ?? {}),
      ),

    async *list(prefix) {
      const pages = client.listBlobsFlat({ prefix });
      while (true) {
        const { value, done } = await attempt(`listing blobs below ${prefix}`, () => orNull(() => pages.next())).then(
          (step) => step ?? { value: undefined, done: true },
        );
        if (done) return;
        yield { name: value!.name, writtenAt: value!.properties.lastModified };
      }
    },

    delete: (name) => attempt(`deleting blob ${name}`, async () => (await orNull(() => blob(name).delete())) !== null),

    ping: () =>
      attempt(`reaching container ${container}`, async () => {
        await withContainer(client, () => client.getProperties());
      }),
  };
}

/** Does the work; when the container is missing, makes it and does the work again. */
async function withContainer<T>(client: ContainerClient, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RestError && error.code === 'ContainerNotFound')) throw error;
    await client.createIfNotExists();
    return work();
  }
}

const hasStatus = (error: unknown, ...statuses: number[]): boolean =>
  error instanceof RestError && statuses.includes(error.statusCode ?? 0);

async function orNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (hasStatus(error, 404)) return null;
    throw error;
  }
}

/** Everything the service or the network says is an outage to us (time-outs, 5xx, a refused key); a bug of ours passes. */
async function attempt<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RestError) && !(error instanceof Error && error.name === 'AbortError')) throw error;
    const reason = error instanceof RestError ? (error.code ?? `status ${error.statusCode}`) : error.name;
    throw new PipelineError('DEPENDENCY_UNAVAILABLE', `${doing}: ${reason}`, { cause: error, dependency: 'blob' });
  }
}
