import { Access } from '@assay/shared/http/access';
import { Problem } from '@assay/shared/http/problem';
import type { Reply } from '@assay/shared/http/reply';
import { MIB } from '@assay/shared/contracts/units';
import { thisLife } from '@assay/shared/postgres/lives';
import type { Transaction } from '@assay/shared/postgres/statement';
import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { z } from 'zod';
import { ndjson, readLinesAfter } from './read-lines.ts';
import type { Stream } from './domain/stream-lines.ts';

export const LINES_DATABASE = Symbol('database of the lines');

/** Give this back as `after` to read on. */
export const NEXT_SEQ_HEADER = 'assay-next-seq';

/** Which life of the database the lines are from: when it rises, a restore took lines away, and all are to be read again. */
export const LIFE_HEADER = 'assay-life';

/** Whatever the limit says, an answer stays near this size; a caller that reads on gets the rest. */
const ANSWER_MAX_BYTES = 4 * MIB;

export const tailQuerySchema = z.object({
  after: z.coerce.number().int().min(0).default(0).describe('Sequence number of the last line you have; 0 for all.'),
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000).describe('Lines in one answer at most.'),
});

/** Streams as consumers tail them: the lines after the last one they have, in an order that never changes. */
@Controller('v1')
@Access('read')
export class LinesController {
  readonly #database: Pick<Transaction, 'query'>;

  constructor(@Inject(LINES_DATABASE) database: Pick<Transaction, 'query'>) {
    this.#database = database;
  }

  @Get('gold/lines')
  gold(@Query() query: unknown, @Res() reply: Reply): Promise<void> {
    return this.#tail('gold', query, reply);
  }

  @Get('disagreements/lines')
  disagreements(@Query() query: unknown, @Res() reply: Reply): Promise<void> {
    return this.#tail('disagreements', query, reply);
  }

  async #tail(stream: Stream, query: unknown, reply: Reply): Promise<void> {
    const asked = tailQuerySchema.safeParse(query);
    if (!asked.success) throw new Problem(400, 'BAD_REQUEST', z.prettifyError(asked.error));
    const { after, limit } = asked.data;
    const life = await thisLife(this.#database);
    const lines = await readLinesAfter(this.#database, stream, after, { lines: limit, bytes: ANSWER_MAX_BYTES });
    reply
      .headers({
        'content-type': 'application/x-ndjson; charset=utf-8',
        'cache-control': 'no-store',
        [LIFE_HEADER]: String(life),
        [NEXT_SEQ_HEADER]: lines.at(-1)?.seq ?? String(after),
      })
      .send(ndjson(lines));
  }
}
