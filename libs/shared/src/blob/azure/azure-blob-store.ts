import { buffer } from 'node:stream/consumers';
import {
  AnonymousCredential,
  BlobServiceClient,
  type ContainerClient,
  type ContainerListBlobsOptions,
} from '@azure/storage-blob';
import { bare, DEADLINE_MS } from '../attempt.ts';
import type { BlobStore } from '../blob-store.ts';
import { download } from './download.ts';
import { attempt, orNull, withContainer } from './request.ts';
import { upload } from './upload.ts';

/** Its own retries are off: the lane's backoff heartbeats while it waits. */
const OPTIONS = { retryOptions: { maxTries: 1 } };

/** A Data Lake account lists its directories among the blobs. */
const DIRECTORY_MARK = 'hdi_isfolder';

/** One container of Azure Blob Storage or Azurite. */
export const createAzureBlobStore = (
  connectionString: string,
  container: string,
  { deadlineMs = DEADLINE_MS } = {},
): BlobStore =>
  storeOf(BlobServiceClient.fromConnectionString(connectionString, OPTIONS).getContainerClient(container), deadlineMs);

/** The same by the address of its account. Without a signature it is asked for as whoever this process is signed in as. */
export async function createAzureAccountStore(
  { url, signature }: { readonly url: string; readonly signature: string },
  container: string,
): Promise<BlobStore> {
  const service =
    signature === ''
      ? new BlobServiceClient(url, await signedIn(), OPTIONS)
      : new BlobServiceClient(`${url}/${signature}`, new AnonymousCredential(), OPTIONS);
  return storeOf(service.getContainerClient(container), DEADLINE_MS);
}

/** Managed identity, workload identity, environment or the Azure CLI. Loaded only for who uses it. */
async function signedIn() {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential();
}

function storeOf(client: ContainerClient, deadlineMs: number): BlobStore {
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
          orNull(() => nextPage(client, { prefix, abortSignal, includeMetadata: true }, marker), 404),
        );
        for (const { name, properties, metadata } of page?.segment.blobItems ?? []) {
          if (metadata?.[DIRECTORY_MARK] === 'true') continue;
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
      attempt(`reaching container ${client.containerName}`, deadlineMs, async (abortSignal) => {
        await withContainer(client, abortSignal, () => client.getProperties({ abortSignal }));
      }),
  };
}

/** One request for each page, so that each has its own deadline. */
async function nextPage(client: ContainerClient, options: ContainerListBlobsOptions, marker: string | undefined) {
  const pages = client.listBlobsFlat(options).byPage(marker === undefined ? {} : { continuationToken: marker });
  return (await pages.next()).value as Awaited<ReturnType<typeof pages.next>>['value'];
}
