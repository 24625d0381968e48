import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Statement } from '@assay/shared/postgres/statement';
import { isTestSource, readSourceTree } from '@assay/shared/testing/source-tree';

/** A statement and the file it is written in. */
export interface WrittenStatement extends Statement {
  readonly path: string;
}

const root = join(import.meta.dirname, '..', '..', '..');

/** A statement as it is written: a name and a text beside each other. */
const WRITTEN = /\bname:\s*'([a-z0-9-]+)',\s*text:/g;

/** Every statement of services, programs and libs, and those that are written and were not found. */
export async function collectStatements(): Promise<{
  readonly statements: readonly WrittenStatement[];
  readonly missed: readonly string[];
}> {
  const files = (await readSourceTree(['libs', 'apps', 'services'])).filter(({ path }) => !isTestSource(path));
  const statements: WrittenStatement[] = [];
  const missed: string[] = [];
  for (const { path, text } of files) {
    const written = [...text.matchAll(WRITTEN)].map(([, name]) => name!);
    const isOneMore = /\bStatement\b/.test(text) && written.length === 0 && /:\s*Statement\s*=/.test(text);
    if (written.length === 0 && !isOneMore) continue;
    const module = (await import(pathToFileURL(join(root, path)).href)) as Record<string, unknown>;
    const found = new Map(
      Object.values(module)
        .flatMap(statementsIn)
        .map((each) => [each.name, each]),
    );
    statements.push(...[...found.values()].map(({ name, text: sql }) => ({ name, text: sql, path })));
    missed.push(...written.filter((name) => !found.has(name)).map((name) => `${path}: ${name}`));
    if (isOneMore && found.size === 0) missed.push(`${path}: a Statement without a name beside its text`);
  }
  return { statements, missed };
}

function statementsIn(value: unknown): Statement[] {
  if (isStatement(value)) return [value];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.values(value).filter(isStatement);
}

const isStatement = (value: unknown): value is Statement =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Statement).name === 'string' &&
  typeof (value as Statement).text === 'string';
