import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** A file of the repository; `path` is from its root, with slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const root = join(import.meta.dirname, '..', '..', '..', '..');
const NOT_SOURCE = new Set(['node_modules', 'dist', 'fixtures', 'testdata']);

/** Where our packages lie. */
export const sourceFolders = ['libs', 'apps', 'services', 'tools', 'e2e', 'bench'] as const;

/** Every TypeScript file of our packages, specs included. */
export async function readSourceTree(folders: readonly string[], ending = '.ts'): Promise<readonly SourceFile[]> {
  const found: SourceFile[] = [];
  for (const folder of folders) {
    for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
      const path = relative(root, join(entry.parentPath, entry.name)).split(sep).join('/');
      if (!entry.isFile() || !path.endsWith(ending) || path.split('/').some((part) => NOT_SOURCE.has(part))) continue;
      found.push({ path, text: await readFile(join(root, path), 'utf8') });
    }
  }
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether a file is there for tests alone: specs, contract suites, fakes. */
export const isTestSource = (path: string): boolean =>
  /\.(spec|contract)\.ts$/.test(path) || path.includes('/testing/') || path.startsWith('e2e/');
