import { posix } from 'node:path';
import { importsOf, packageOf } from '@assay/shared/testing/boundaries';
import { isTestSource, type SourceFile } from '@assay/shared/testing/source-tree';

/** Which folder imports from which: `services/output/stream` for everything in and below `services/output/src/stream`. */
export type FolderImports = ReadonlyMap<string, ReadonlySet<string>>;

/** Tests are left out: they may reach for anything. */
export function folderImportsOf(files: readonly SourceFile[]): FolderImports {
  const code = files.filter(({ path }) => !isTestSource(path));
  const found = new Map<string, Set<string>>(code.map(({ path }) => [folderOf(path), new Set()]));
  for (const { path, text } of code) {
    for (const { from } of importsOf(text)) {
      const target = targetOf(path, from);
      if (target === null || folderOf(target) === folderOf(path)) continue;
      found.get(folderOf(path))!.add(folderOf(target));
    }
  }
  return found;
}

/** The package, and the folder of its sources that the file lies in or below. */
function folderOf(path: string): string {
  const home = packageOf(path);
  const [first, ...rest] = path
    .slice(home.length + 1)
    .replace(/^src\//, '')
    .split('/');
  return rest.length === 0 ? home : `${home}/${first}`;
}

/** Null for a library from outside. */
function targetOf(path: string, from: string): string | null {
  if (from.startsWith('.')) return posix.join(posix.dirname(path), from);
  const [, name, inside] = /^@assay\/([^/]+)(?:\/(.+))?$/.exec(from) ?? [];
  if (name === undefined) return null;
  const home = HOMES.find((one) => one.endsWith(`/${name}`)) ?? name;
  return `${home}/src/${inside ?? 'index'}.ts`;
}

const HOMES = [
  ...['agreement', 'cli', 'labels', 'pii', 'shared'].map((name) => `libs/${name}`),
  'apps/validate',
  ...['annotation-bridge', 'console', 'ingest', 'output', 'quality-validator'].map((name) => `services/${name}`),
];
