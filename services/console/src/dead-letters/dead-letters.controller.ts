import { lanes } from '@assay/shared/contracts/lanes';
import { FilterError, letterFilter } from '@assay/shared/dead-letters/letter-filter';
import type { LetterGroups } from '@assay/shared/dead-letters/letter-groups';
import { mappingOf } from '@assay/shared/dead-letters/letter-mapping';
import { viewOfReplay } from '@assay/shared/dead-letters/letter-view';
import { MAX_ATTEMPTS, type Replay } from '@assay/shared/dead-letters/plan-replay';
import type { ReplayReport } from '@assay/shared/dead-letters/replay-letters';
import { Access } from '@assay/shared/http/access';
import { Problem } from '@assay/shared/http/problem';
import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import type { LetterDesk } from './letter-desk.ts';

export const LETTER_DESK = Symbol('desk of the dead letters');

const services = Object.values(lanes).map(({ service }) => service);
const WORDS_MAX = 50;
const WORD_MAX_LENGTH = 1_000;
const words = () => z.array(z.string().max(WORD_MAX_LENGTH)).max(WORDS_MAX).default([]);

export const replayRequestSchema = z.strictObject({
  services: z.array(z.enum(services)).min(1).default(services).describe('Whose dead letters.'),
  reason: z.string().max(WORD_MAX_LENGTH).optional().describe('A code, or a part of the reason.'),
  where: words().describe('Conditions that must all hold, as `assay dlq --where` takes them.'),
  map: words().describe('Changes in order, as `assay dlq replay --map` takes them.'),
  dry_run: z.boolean().default(true).describe('Only say what would be sent. Nothing is replayed unless this is false.'),
  again: z.boolean().default(false).describe('Also letters that were replayed before.'),
  max_attempts: z.int().min(1).default(MAX_ATTEMPTS).describe('Leave messages that were refused this often.'),
});

const PREVIEWED = 20;

/** What was refused, and sending it again. What messages say is never shown: only their shape. */
@Controller('v1/dead-letters')
@Access('operate')
export class DeadLettersController {
  readonly #desk: LetterDesk;

  constructor(@Inject(LETTER_DESK) desk: LetterDesk) {
    this.#desk = desk;
  }

  @Get()
  @Access('read')
  list(): Promise<LetterGroups> {
    return this.#desk.list();
  }

  @Post('replay')
  @HttpCode(200)
  async replay(@Body() body: unknown): Promise<ReplayReport & { readonly preview: readonly object[] }> {
    const asked = replayRequestSchema.safeParse(body);
    if (!asked.success) throw new Problem(400, 'BAD_REQUEST', z.prettifyError(asked.error));
    const { services: names, reason, where, map, dry_run: isDryRun, again, max_attempts: maxAttempts } = asked.data;
    const shown: object[] = [];
    const preview = (replay: Replay) => {
      if (shown.length < PREVIEWED) shown.push(viewOfReplay(replay, false));
    };
    const settings = understood(() => ({
      filter: letterFilter(where, reason),
      mapping: mappingOf(map),
      again,
      maxAttempts,
    }));
    const report = await this.#desk.replay(names, settings, isDryRun ? preview : undefined);
    return { ...report, preview: shown };
  }
}

function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FilterError) throw new Problem(400, 'BAD_REQUEST', error.message);
    throw error;
  }
}
