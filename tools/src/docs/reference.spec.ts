import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSourceTree, sourceFolders } from '@assay/shared/testing/source-tree';
import { folderImportsOf } from './folder-imports.ts';
import { renderReference } from './reference.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'docs', 'reference');

const reference = renderReference(await readSourceTree(sourceFolders));

describe('docs/reference says what the code does', () => {
  it.each(Object.keys(reference))('%s is up to date (mend it with: npm run docs)', async (name) => {
    expect(await readFile(join(folder, name), 'utf8')).toBe(reference[name]);
  });

  it('has no page that nothing generates', async () => {
    expect((await readdir(folder)).toSorted()).toEqual(Object.keys(reference).toSorted());
  });
});

describe('which folder imports which', () => {
  const file = (path: string, ...from: readonly string[]) => ({
    path,
    text: from.map((one) => `import { a } from '${one}';`).join('\n'),
  });

  it('is told by folders below the sources, whatever form an import has', () => {
    const found = folderImportsOf([
      file('services/output/src/flows.ts', './stream/a.ts', '@assay/shared/bootstrap/flows', 'zod'),
      file('services/output/src/stream/a.ts', './domain/b.ts', '../releases/c.ts', '@assay/labels/label'),
      file('services/output/src/stream/domain/b.ts'),
      file('services/output/src/stream/a.spec.ts', '@assay/tools/infra'),
    ]);
    expect(Object.fromEntries([...found].map(([folder, targets]) => [folder, [...targets]]))).toEqual({
      'services/output': ['services/output/stream', 'libs/shared/bootstrap'],
      'services/output/stream': ['services/output/releases', 'libs/labels'],
    });
  });
});
