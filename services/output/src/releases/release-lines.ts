import type { GoldLine } from '@assay/shared/contracts/gold-line';
import type { CleanLine } from '@assay/shared/contracts/release';
import { MIB } from '@assay/shared/contracts/units';
import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import { cleanLineOf } from './domain/clean-line.ts';

/** What a manifest calls the rules of decisions that a restore took from Postgres, so that nobody knows them any more. */
const FORKED = 'unknown (before a restore)';

/**
 * The newest line of each document up to a place in the stream. Later lines change nothing below it, so neither does time. Texts
 * can be long, so the bytes are counted where the lines are: what is over the limit never leaves Postgres.
 */
const readPage: Statement = {
  name: 'read-release-page',
  text: `
    select doc_id, line,
           -- By key for each line of the page: a join goes through all decisions from the first to those of the page.
           coalesce((select rules_version from public.decisions as decision
                      where decision.doc_id = measured.doc_id and decision.life = measured.life
                        and decision.version = measured.version),
                    '${FORKED}') as rules_version
      from (
        select *, sum(octet_length(line)) over (order by doc_id) - octet_length(line) as bytes_before
          from (
            select distinct on (line.doc_id) line.doc_id, line.life, line.version, line.line
              from assay.output_lines as line
             where line.stream = 'gold' and line.seq <= $1 and line.doc_id > $2
             order by line.doc_id, line.life desc, line.version desc
             limit $3
          ) as newest
      ) as measured
     where bytes_before < $4
     order by doc_id`,
};

const selectLastSeq: Statement = {
  name: 'find-last-gold-line',
  text: `select last_seq::float8 as seq from assay.streams where stream = 'gold'`,
};

type Reader = Pick<Transaction, 'query'>;

const PAGE_LINES = 500;
const PAGE_BYTES = 4 * MIB;

/** The last line of the gold stream right now; 0 when there is none. */
export async function findLastSeq(postgres: Reader): Promise<number> {
  return (await postgres.query<{ seq: number }>(selectLastSeq, []))[0]!.seq;
}

/** A training example, and the rules its document was decided by. */
export interface DecidedLine {
  readonly line: CleanLine;
  readonly rulesVersion: string;
}

/** What was gold up to a line of the stream, in order of doc_id; the same whenever and however often it is gone through. */
export type ReleaseLines = AsyncIterable<readonly DecidedLine[]>;

export const releaseLines = (postgres: Reader, lastSeq: number): ReleaseLines => ({
  [Symbol.asyncIterator]: () => readPages(postgres, lastSeq),
});

interface Row {
  readonly doc_id: string;
  readonly line: string;
  readonly rules_version: string;
}

async function* readPages(postgres: Reader, lastSeq: number): AsyncGenerator<readonly DecidedLine[]> {
  for (let after = ''; ;) {
    const rows = await postgres.query<Row>(readPage, [lastSeq, after, PAGE_LINES, PAGE_BYTES]);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.doc_id;
    yield rows.flatMap(({ line, rules_version }) => {
      const clean = cleanLineOf(JSON.parse(line) as GoldLine);
      return clean === null ? [] : [{ line: clean, rulesVersion: rules_version }];
    });
  }
}
