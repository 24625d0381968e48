import { createHash } from 'node:crypto';
import type { GoldLine } from '@assay/shared/contracts/gold-line';
import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import { cleanLineOf } from './domain/clean-line.ts';

/** The newest line of each document up to a place in the stream. Later lines change nothing below it, so neither does time. */
const readPage: Statement = {
  name: 'read-release-page',
  text: `
    select distinct on (line.doc_id) line.doc_id, line.line, decision.rules_version
      from assay.output_lines as line
      join public.decisions as decision on decision.doc_id = line.doc_id and decision.version = line.version
     where line.stream = 'gold' and line.seq <= $1 and line.doc_id > $2
     order by line.doc_id, line.version desc
     limit $3`,
};

const PAGE = 500;

export interface ContentPage {
  /** Lines of the file, as bytes. */
  readonly bytes: Buffer;
  /** Under which rules each was decided. */
  readonly rulesVersions: readonly string[];
}

interface Row {
  readonly doc_id: string;
  readonly line: string;
  readonly rules_version: string;
}

/** The file of a release, page by page in order of doc_id; the same bytes every time it is asked for. */
export async function* releaseContent(
  postgres: Pick<Transaction, 'query'>,
  lastSeq: number,
): AsyncGenerator<ContentPage> {
  let after = '';
  for (;;) {
    const rows = await postgres.query<Row>(readPage, [lastSeq, after, PAGE]);
    const clean = rows.flatMap(({ line, rules_version }) => {
      const found = cleanLineOf(JSON.parse(line) as GoldLine);
      return found === null ? [] : [{ text: `${JSON.stringify(found)}\n`, rules_version }];
    });
    yield {
      bytes: Buffer.from(clean.map(({ text }) => text).join('')),
      rulesVersions: clean.map(({ rules_version }) => rules_version),
    };
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.doc_id;
  }
}

export interface Measured {
  readonly sha256: string;
  readonly bytes: number;
  readonly line_count: number;
  readonly rules_versions: Readonly<Record<string, number>>;
}

/** Goes through the content once without keeping it. */
export async function measureContent(pages: AsyncIterable<ContentPage>): Promise<Measured> {
  const hash = createHash('sha256');
  const versions = new Map<string, number>();
  let bytes = 0;
  let lines = 0;
  for await (const page of pages) {
    hash.update(page.bytes);
    bytes += page.bytes.length;
    lines += page.rulesVersions.length;
    for (const version of page.rulesVersions) versions.set(version, (versions.get(version) ?? 0) + 1);
  }
  const sorted = [...versions].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { sha256: hash.digest('hex'), bytes, line_count: lines, rules_versions: Object.fromEntries(sorted) };
}
