import { Access } from '@assay/shared/http/access';
import { Problem } from '@assay/shared/http/problem';
import type { Reply } from '@assay/shared/http/reply';
import { Body, Controller, Headers, HttpCode, Inject, Options, Post, Res } from '@nestjs/common';
import { z } from 'zod';
import { readLabelFilesRequest } from './label-files-request.ts';
import type { ToldFiles } from './told-files.ts';

export const TOLD_FILES = Symbol('label files that somebody said are there');

export const toldSchema = z.object({ told: z.int().describe('Files that will be looked for now.') });

/**
 * Whoever puts a label file can say so, and it is read at once instead of when the container is looked through. A file that
 * is not there, or was read before, changes nothing.
 */
@Controller('v1/label-files')
@Access('write')
export class LabelFilesController {
  readonly #told: ToldFiles;

  constructor(@Inject(TOLD_FILES) told: ToldFiles) {
    this.#told = told;
  }

  @Post()
  @HttpCode(202)
  tell(
    @Headers('content-type') contentType: string | undefined,
    @Body() body: Buffer | null,
  ): z.output<typeof toldSchema> {
    const request = readLabelFilesRequest(contentType ?? '', body ?? Buffer.alloc(0));
    if (request.kind === 'refused') {
      const code = request.status === 415 ? 'UNSUPPORTED_MEDIA_TYPE' : 'CONTRACT_VIOLATED';
      throw new Problem(request.status, code, request.reason);
    }
    this.#told.tell(request.paths);
    return { told: request.paths.length };
  }

  /** Event Grid asks so, without a key, whether it may send events here (CloudEvents 1.0, HTTP webhooks, section 4). */
  @Options()
  @Access('open')
  allow(@Headers('webhook-request-origin') origin: string | undefined, @Res() reply: Reply): void {
    const allowed = origin === undefined ? {} : { 'webhook-allowed-origin': origin, 'webhook-allowed-rate': '*' };
    reply.headers({ ...allowed, allow: 'POST, OPTIONS' }).send('');
  }
}
