import type { Dirent } from 'node:fs';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { InputError } from '@assay/cli/verb';
import { isLabelFileName } from '@assay/labels/label-file-name';

export interface FoundFile {
  /** Path below the label root, `/` as separator: how reports name it. */
  readonly path: string;
  /** Where it lies. */
  readonly location: string;
}

export interface FoundFiles {
  /** In row order. */
  readonly files: readonly FoundFile[];
  /** How many files have a name that says they are no label files. */
  readonly passedOver: number;
}

/** The label files of the inputs in the order of docs/label-rules.md#1-order: bytes of the path below the root. The root
 * is the folder that was named; with several inputs, the deepest folder that holds them all. What is no label file by
 * its name is counted; whatever else cannot be read shows up in the report as rejected. */
export function findLabelFiles(inputs: readonly string[]): FoundFiles {
  const locations = inputs.map((input) => {
    if (!existsSync(input)) throw new InputError(`there is no file or folder ${input}`);
    return resolve(input);
  });
  const isFolder = locations.map((location) => statSync(location).isDirectory());
  const root = sharedFolder(locations.map((location, at) => (isFolder[at] === true ? location : dirname(location))));
  const found = new Map<string, FoundFile>();
  const passedOver = new Set<string>();
  for (const [at, location] of locations.entries()) {
    const all = isFolder[at] === true ? filesBelow(location, new Set()) : [location];
    for (const file of all) {
      const path = relative(root, file).split(sep).join('/');
      if (isLabelFileName(path)) found.set(path, { path, location: file });
      else passedOver.add(path);
    }
  }
  return { files: sortedByBytes([...found.values()]), passedOver: passedOver.size };
}

function* filesBelow(folder: string, parents: ReadonlySet<string>): Generator<string> {
  const real = realpathSync(folder);
  // A link to a folder above would go round for ever.
  if (parents.has(real)) return;
  const above = new Set([...parents, real]);
  const entries = entriesOf(folder);
  // It stands in the report like a file that cannot be opened.
  if (entries === undefined) yield folder;
  for (const entry of entries ?? []) {
    const location = join(folder, entry.name);
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && isFolderBehind(location));
    if (isFolder) yield* filesBelow(location, above);
    else yield location;
  }
}

function entriesOf(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM'))
      return undefined;
    throw error;
  }
}

/** A link that leads nowhere is a file that cannot be opened: the reader rejects it. */
function isFolderBehind(link: string): boolean {
  return statSync(link, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function sharedFolder(folders: readonly string[]): string {
  const [first = '', ...others] = folders;
  let shared = first;
  while (others.some((folder) => folder !== shared && !folder.startsWith(withSeparator(shared)))) {
    shared = dirname(shared);
  }
  return shared;
}

function withSeparator(folder: string): string {
  return folder.endsWith(sep) ? folder : folder + sep;
}

// By bytes and not by UTF-16 units: the two differ beyond U+FFFF, and another machine's sort must agree.
function sortedByBytes(files: readonly FoundFile[]): FoundFile[] {
  return files
    .map((file) => ({ file, bytes: Buffer.from(file.path) }))
    .sort((left, right) => Buffer.compare(left.bytes, right.bytes))
    .map(({ file }) => file);
}

/** Refuses an output folder that would be read as input by the next run, or that would overwrite an input. */
export function checkOutput(out: string, inputs: readonly string[], resultNames: readonly string[]): void {
  const folder = realPathOf(resolve(out));
  if (existsSync(folder) && !statSync(folder).isDirectory())
    throw new InputError(`--out ${out} is a file; name a folder, which is made where it is missing`);
  for (const input of inputs) {
    const real = realpathSync(input);
    if (statSync(real).isDirectory()) {
      if (folder === real || folder.startsWith(withSeparator(real))) {
        throw new InputError(`--out ${out} lies inside the input folder ${input}; choose a folder outside it`);
      }
    } else if (resultNames.some((name) => join(folder, name) === real)) {
      throw new InputError(`--out ${out} would overwrite the input ${input}; choose another folder`);
    }
  }
}

/** The real path even where the last folders do not exist yet. */
function realPathOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(realPathOf(parent), relative(parent, path));
}
