import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { releaseFormats } from './registry.ts';

describe('the formats', () => {
  it('share neither name nor file name', () => {
    for (const key of ['name', 'fileName'] as const)
      expect(new Set(releaseFormats.map((format) => format[key])).size).toBe(releaseFormats.length);
  });

  it.each(releaseFormats.map(({ name }) => name))(
    '%s lies in its folder and passes the contract suite',
    async (name) => {
      const spec = await readFile(join(import.meta.dirname, name, `${name}.spec.ts`), 'utf8');
      expect(spec).toMatch(/\bdescribeFormat\(/);
    },
  );
});
