import { randomUUID } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { link, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Content, Metadata } from '../blob-store.ts';
import { OWN_FOLDER, pathOf } from './names.ts';
import { hasCode, orNull } from './request.ts';

interface Put {
  readonly root: string;
  readonly name: string;
  readonly metadata: Metadata;
  /** Whether what stands there already may be replaced. */
  readonly mayReplace: boolean;
}

/** Another content is another file or was written at another time. */
export const etagOf = ({ ino, mtimeNs, size }: BigIntStats): string => `${ino}-${mtimeNs}-${size}`;

/** Found by what the file is rather than by its name, so that content and metadata appear at once, with the name. */
export const metadataFile = (root: string, file: BigIntStats): string =>
  join(root, OWN_FOLDER, 'metadata', String(file.ino % 100n).padStart(2, '0'), `${etagOf(file)}.json`);

/** Written to the end elsewhere, and then given its name in one step: nobody sees half of it. */
export async function putFile(put: Put, content: Content): Promise<'created' | 'exists'> {
  const { root, name, metadata, mayReplace } = put;
  const path = pathOf(root, name);
  const writing = join(root, OWN_FOLDER, 'writing', randomUUID());
  await makeFolder(dirname(writing));
  try {
    const written = metadataFile(root, await write(writing, content));
    await makeFolder(dirname(written));
    await writeFile(written, JSON.stringify(metadata), { mode: 0o600 });
    await makeFolder(dirname(path));
    const result = mayReplace ? await replace(root, writing, path) : await create(writing, path);
    if (result === 'exists') await rm(written, { force: true });
    else await syncFolder(dirname(path));
    return result;
  } finally {
    await rm(writing, { force: true });
  }
}

const makeFolder = (path: string) => mkdir(path, { recursive: true, mode: 0o700 });

async function write(path: string, content: Content): Promise<BigIntStats> {
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const piece of piecesOf(content)) await file.writeFile(piece);
    await file.sync();
    return await file.stat({ bigint: true });
  } finally {
    await file.close();
  }
}

async function* piecesOf(content: Content): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) yield content;
  else yield* content;
}

/** A second name for the same file: the one way to name a file that fails when the name is taken. */
async function create(writing: string, path: string): Promise<'created' | 'exists'> {
  try {
    await link(writing, path);
    return 'created';
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return 'exists';
    throw error;
  }
}

async function replace(root: string, writing: string, path: string): Promise<'created'> {
  const before = await orNull(() => stat(path, { bigint: true }));
  await rename(writing, path);
  if (before !== null) await rm(metadataFile(root, before), { force: true });
  return 'created';
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
