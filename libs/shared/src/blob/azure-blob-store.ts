import { buffer } from 'node:stream/consumers';
import { BlobServiceClient, type ContainerClient, type ContainerListBlobsOptions } from '@azure/storage-blob';
import { download } from './azure-download.ts';
import { attempt, bare, orNull, withContainer } from './azure-request.ts';
import { upload } from './azure-upload.ts';
import type { BlobStore } from './blob-store.ts';

/** A request that hangs must fail before the consumer's session does, and before the transaction a plan is done in. */
const DEADLINE_MS = 8_000;

/** One container of Azure Blob Storage or Azurite. Its own retries are off: the lane's backoff heartbeats while it waits. */
export function createAzureBlobStore(
  connectionString: string,
  container: string,
  { deadlineMs = DEADLINE_MS } = {},
): BlobStore {
  const options = { retryOptions: { maxTries: 1 } };
  const client = BlobServiceClient.fromConnectionString(connectionString, options).getContainerClient(container);
  const blob = (name: string) => client.getBlockBlobClient(name);
  const open: BlobStore['open'] = (name, part = {}) =>
    download({ doing: `reading blob ${name}`, deadlineMs, blob: blob(name) }, part);

  return {
    create: (name, content, metadata) =>
      upload(
        { doing: `writing blob ${name}`, deadlineMs, container: client, blob: blob(name), metadata, mayReplace: false },
        content,
      ),

    async replace(name, content, metadata) {
      const doing = `replacing blob ${name}`;
      await upload({ doing, deadlineMs, container: client, blob: blob(name), metadata, mayReplace: true }, content);
    },

    async read(name, version = {}) {
      const found = await open(name, version);
      return found === null ? null : buffer(found.chunks);
    },

    open,

    metadata: (name) =>
      attempt(`reading the metadata of blob ${name}`, deadlineMs, (abortSignal) =>
        orNull(async () => (await blob(name).getProperties({ abortSignal })).metadata ?? {}, 404),
      ),

    async *list(prefix) {
      for (let marker: string | undefined; ;) {
        const page = await attempt(`listing blobs below ${prefix}`, deadlineMs, (abortSignal) =>
          orNull(() => nextPage(client, { prefix, abortSignal }, marker), 404),
        );
        for (const { name, properties } of page?.segment.blobItems ?? []) {
          const { etag, contentLength: size = 0, lastModified: writtenAt, blobType } = properties;
          yield { name, etag: bare(etag), size, writtenAt, mayGrow: blobType === 'AppendBlob' };
        }
        marker = page?.continuationToken;
        if (!marker) return;
      }
    },

    delete: (name) =>
      attempt(
        `deleting blob ${name}`,
        deadlineMs,
        async (abortSignal) => (await orNull(() => blob(name).delete({ abortSignal }), 404)) !== null,
      ),

    ping: () =>
      attempt(`reaching container ${container}`, deadlineMs, async (abortSignal) => {
        await withContainer(client, abortSignal, () => client.getProperties({ abortSignal }));
      }),
  };
}

/** One request for each page, so that each has its own deadline. */
async function nextPage(client: ContainerClient, options: ContainerListBlobsOptions, marker: string | undefined) {
  const pages = client.listBlobsFlat(options).byPage(marker === undefined ? {} : { continuationToken: marker });
  return (await pages.next()).value as Awaited<ReturnType<typeof pages.next>>['value'];
}
