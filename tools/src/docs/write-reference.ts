// `npm run docs`: writes docs/reference from the code.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSourceTree, sourceFolders } from '@assay/shared/testing/source-tree';
import { renderReference } from './reference.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'docs', 'reference');
await mkdir(folder, { recursive: true });
for (const [name, text] of Object.entries(renderReference(await readSourceTree(sourceFolders)))) {
  await writeFile(join(folder, name), text);
  process.stdout.write(`docs/reference/${name}\n`);
}
