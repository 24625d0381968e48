import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderReference } from './reference.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'docs', 'reference');

describe('docs/reference says what the code does', () => {
  const reference = renderReference();

  it.each(Object.keys(reference))('%s is up to date (mend it with: npm run docs)', async (name) => {
    expect(await readFile(join(folder, name), 'utf8')).toBe(reference[name]);
  });

  it('has no page that nothing generates', async () => {
    expect((await readdir(folder)).toSorted()).toEqual(Object.keys(reference).toSorted());
  });
});
