import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PipelineError } from '../../errors/pipeline-error.ts';
import { attempt, orNull } from './request.ts';

/** Where we keep what is ours: files that are being written, and the metadata of those that are there. */
export const OWN_FOLDER = '.assay';

/** The file of a blob, which cannot be anywhere but below the root. */
export function pathOf(root: string, name: string): string {
  const parts = name.split('/');
  const isFile = parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'));
  if (!isFile || parts[0] === OWN_FOLDER)
    throw new PipelineError('INVARIANT_BROKEN', 'a blob in a folder has a name that is no path below it');
  return join(root, ...parts);
}

/** Names of files in the byte order of the whole name, which is not that of each folder: `a.b` comes before `a/b`. */
export async function* filesBelow(root: string, prefix: string): AsyncGenerator<string> {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const entries = await attempt(`listing blobs below ${prefix}`, () =>
    orNull(() => readdir(join(root, folder), { withFileTypes: true })),
  );
  const names = await Promise.all((entries ?? []).map((entry) => nameIn(root, folder, entry)));
  for (const name of names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
    const isFolder = name.endsWith('/');
    const isBelow = name.startsWith(prefix) || (isFolder && prefix.startsWith(name));
    if (!isBelow || name === `${OWN_FOLDER}/`) continue;
    if (isFolder) yield* filesBelow(root, name);
    else yield name;
  }
}

/** A folder's ends with a slash. A link is what it points to, so that a whole folder of files may be linked in. */
async function nameIn(root: string, folder: string, entry: Dirent): Promise<string> {
  const name = folder + entry.name;
  const isFolder = entry.isSymbolicLink()
    ? (await orNull(() => stat(join(root, name))))?.isDirectory()
    : entry.isDirectory();
  return isFolder === true ? `${name}/` : name;
}
