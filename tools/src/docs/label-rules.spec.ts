import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { columnAliases, columnOf } from '@assay/labels/columns';
import { fileReasons, notVoteReasons, rowReasons } from '@assay/labels/reasons';
import { readSourceTree } from '@assay/shared/testing/source-tree';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..', '..');
const page = readFileSync(join(root, 'docs', 'label-rules.md'), 'utf8');

/** An anchor as the forges make it of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const headings = Array.from(page.matchAll(/^## (.+)$/gm), ([, heading]) => heading!);
const anchors = new Set(headings.map(anchorOf));

/** The rows of the tables below one heading, cell by cell. */
function rowsBelow(heading: string): readonly (readonly string[])[] {
  const [, below = ''] = page.split(`\n${heading}\n`);
  return Array.from(below.split('\n##')[0]!.matchAll(/^\| (`.+) \|$/gm), ([, row]) => row!.split(' | '));
}

const codesIn = (cell: string): readonly string[] => Array.from(cell.matchAll(/`([^`]+)`/g), ([, code]) => code!);

interface Citation {
  readonly where: string;
  readonly cites: string;
}

const FOLDERS = ['apps', 'bench', 'bin', 'deploy', 'docs', 'e2e', 'libs', 'services', 'tools'];
const PAGES = ['AGENTS.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'README.md'];

/** Every mention of the page in the tree, with its anchor where it has one. Not in SQL: shipped migrations are frozen by
 * their hash and keep an older form. */
async function readCitations(): Promise<readonly Citation[]> {
  const trees = await Promise.all(['.ts', '.mjs', '.py', '.md'].map(async (ending) => readSourceTree(FOLDERS, ending)));
  const pages = PAGES.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
  return [...trees.flat(), ...pages].flatMap(({ path, text }) =>
    path === 'tools/src/docs/label-rules.spec.ts'
      ? []
      : Array.from(text.matchAll(/label-rules(?!\.spec)\S{0,60}/g), ([cites]) => ({ where: path, cites })),
  );
}

describe('docs/label-rules.md', () => {
  it('numbers its rules from 1 on without a gap', () => {
    const numbers = headings.flatMap((heading) => /^(\d+)\. /.exec(heading)?.[1] ?? []);
    expect(numbers).toEqual(Array.from({ length: 11 }, (_, at) => String(at + 1)));
  });

  it('is cited by an anchor that exists, or as a whole', async () => {
    const all = await readCitations();
    const wrong = all.filter(({ cites }) => {
      const [, anchor] = /^label-rules\.md(?:#([a-z0-9-]+))?/.exec(cites) ?? [undefined, ''];
      return anchor !== undefined && !anchors.has(anchor);
    });
    expect(wrong).toEqual([]);
    expect(all.length).toBeGreaterThan(25);
  });

  it('has every reason a file is rejected for, and no other', () => {
    const onPage = rowsBelow('## 3. Rejected files').map(([code]) => codesIn(code!)[0]!);
    const inCode = [...Object.keys(fileReasons), 'missing_column:<name>', 'duplicate_column:<name>'];
    expect(onPage.toSorted()).toEqual(inCode.toSorted());
  });

  it('has every reason a row is rejected for, in the order in which they apply', () => {
    const onPage = rowsBelow('## 4. Rejected rows').map(([code]) => codesIn(code!)[0]!);
    expect(onPage).toEqual(Object.keys(rowReasons));
  });

  it('has every reason an answer of a tool is no vote', () => {
    const onPage = rowsBelow('### Exports of tools').map(([code]) => codesIn(code!)[0]!);
    expect(onPage).toEqual(Object.keys(notVoteReasons));
  });

  it('has every column with all of its names, and no other', () => {
    const onPage = rowsBelow('## 2. Reading').map(([column, names = '']) => [
      codesIn(column!)[0]!,
      codesIn(names.split(';')[0]!),
    ]);
    expect(onPage).toEqual(Object.entries(columnAliases));
    expect([columnOf('ticket_text'), columnOf('id'), columnOf('id', true)]).toEqual(['text', undefined, 'doc_id']);
  });
});
