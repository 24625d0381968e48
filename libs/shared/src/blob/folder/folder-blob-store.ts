import type { BigIntStats } from 'node:fs';
import { mkdir, open as openFile, readFile, rm, stat } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { DEADLINE_MS, noPieces, piecesOf } from '../attempt.ts';
import type { BlobStore, OpenBlob, Range, Version } from '../blob-store.ts';
import { attempt, orNull } from './request.ts';
import { filesBelow, pathOf } from './names.ts';
import { etagOf, metadataFile, putFile } from './put-file.ts';

/**
 * A folder on this machine, for tests and where there is no blob store. Its blobs are plain files, and files that people put
 * there are blobs too. Every writer must be on the same file system, which must know hard links.
 */
export function createFolderBlobStore(root: string): BlobStore {
  const statOf = (name: string): Promise<BigIntStats | null> =>
    orNull(() => stat(pathOf(root, name), { bigint: true }));
  const open = (name: string, part: Version & Range = {}) =>
    attempt(`reading blob ${name}`, () => openPart(pathOf(root, name), `reading blob ${name}`, part));

  return {
    create: (name, content, metadata) =>
      attempt(`writing blob ${name}`, () => putFile({ root, name, metadata, mayReplace: false }, content)),

    async replace(name, content, metadata) {
      await attempt(`replacing blob ${name}`, () => putFile({ root, name, metadata, mayReplace: true }, content));
    },

    async read(name, version = {}) {
      const found = await open(name, version);
      return found === null ? null : buffer(found.chunks);
    },

    open,

    metadata: (name) =>
      attempt(`reading the metadata of blob ${name}`, async () => {
        const found = await statOf(name);
        if (found === null || !found.isFile()) return null;
        return JSON.parse((await orNull(() => readFile(metadataFile(root, found), 'utf8'))) ?? '{}');
      }),

    async *list(prefix) {
      for await (const name of filesBelow(root, prefix)) {
        const found = await attempt(`listing blob ${name}`, () => statOf(name));
        if (found === null || !found.isFile()) continue; // deleted in between
        // What we wrote appeared as a whole; what somebody else puts there grows while it is copied.
        const isOurs = (await orNull(() => stat(metadataFile(root, found)))) !== null;
        yield { name, etag: etagOf(found), size: Number(found.size), writtenAt: found.mtime, mayGrow: !isOurs };
      }
    },

    delete: (name) =>
      attempt(`deleting blob ${name}`, async () => {
        const found = await statOf(name);
        if (found === null || !found.isFile()) return false;
        await rm(pathOf(root, name), { force: true });
        await rm(metadataFile(root, found), { force: true });
        return true;
      }),

    ping: () =>
      attempt(`reaching folder ${root}`, async () => {
        await mkdir(root, { recursive: true, mode: 0o700 });
      }),
  };
}

async function openPart(
  path: string,
  doing: string,
  { from = 0, to, etag }: Version & Range,
): Promise<OpenBlob | null> {
  const found = await orNull(() => stat(path, { bigint: true }));
  if (found === null || !found.isFile() || (etag !== undefined && etag !== etagOf(found))) return null;
  const size = Number(found.size);
  const end = Math.min(to ?? size, size);
  const chunks = from < end ? bytesOf({ path, doing, etag: etagOf(found), start: from, end: end - 1 }) : noPieces();
  return { etag: etagOf(found), size, chunks };
}

/** Opened by the first look at them, so that whoever never looks holds no file open. */
async function* bytesOf({ path, doing, etag, ...part }: PartOfFile): AsyncGenerator<Uint8Array> {
  const file = await attempt(doing, () => openFile(path, 'r'));
  const body = file.createReadStream(part);
  const isSame = etagOf(await file.stat({ bigint: true })) === etag;
  if (!isSame) body.destroy(new Error('its content was replaced before it was read'));
  yield* piecesOf(doing, DEADLINE_MS, body);
}

interface PartOfFile {
  readonly path: string;
  readonly doing: string;
  readonly etag: string;
  readonly start: number;
  /** The last byte of the part. */
  readonly end: number;
}
