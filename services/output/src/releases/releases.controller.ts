import type { BlobStore } from '@assay/shared/blob/blob-store';
import { releaseName } from '@assay/shared/contracts/blobs';
import type { ReleaseManifest } from '@assay/shared/contracts/release';
import { Access } from '@assay/shared/http/access';
import { Problem } from '@assay/shared/http/problem';
import type { Reply } from '@assay/shared/http/reply';
import { PipelineError } from '@assay/shared/errors/pipeline-error';
import type { Transaction } from '@assay/shared/postgres/statement';
import { Controller, Get, Headers, Inject, Param, Res } from '@nestjs/common';
import { findRelease, listReleases } from './releases.sql.ts';
import { byteRangeOf, namesTag } from './domain/byte-range.ts';

export const RELEASES_DATABASE = Symbol('database of the releases');
export const GOLD_BLOBS = Symbol('gold blobs');

interface FileRequest {
  readonly 'if-none-match'?: string;
  readonly 'if-range'?: string;
  readonly range?: string;
}

/** Releases never change once they are made, so whoever has one need not load it again. */
@Controller('v1/gold/releases')
@Access('key')
export class ReleasesController {
  private readonly database: Pick<Transaction, 'query'>;
  private readonly blobs: BlobStore;

  constructor(@Inject(RELEASES_DATABASE) database: Pick<Transaction, 'query'>, @Inject(GOLD_BLOBS) blobs: BlobStore) {
    this.database = database;
    this.blobs = blobs;
  }

  @Get()
  async list(): Promise<{ releases: readonly ReleaseManifest[] }> {
    return { releases: await listReleases(this.database) };
  }

  @Get('latest')
  async latest(): Promise<ReleaseManifest> {
    const [newest] = await listReleases(this.database);
    if (newest === undefined)
      throw new Problem(404, 'NOT_FOUND', 'There is no release yet; make one with `assay release`.');
    return newest;
  }

  @Get(':release')
  manifest(@Param('release') release: string): Promise<ReleaseManifest> {
    return this.find(release);
  }

  @Get(':release/clean_training_dataset.jsonl')
  async file(@Param('release') release: string, @Headers() headers: FileRequest, @Res() reply: Reply): Promise<void> {
    const manifest = await this.find(release);
    const tag = `"${manifest.sha256}"`;
    const fixed = { etag: tag, 'accept-ranges': 'bytes', 'cache-control': 'private, max-age=31536000, immutable' };
    if (namesTag(headers['if-none-match'], tag)) return void reply.status(304).headers(fixed).send();
    // A part of another file than the caller holds a part of would be of no use.
    const isSame = headers['if-range'] === undefined || headers['if-range'] === tag;
    const range = byteRangeOf(isSame ? headers.range : undefined, manifest.bytes);
    if (range.kind === 'unsatisfiable')
      return void reply
        .status(416)
        .headers({ ...fixed, 'content-range': `bytes */${manifest.bytes}` })
        .send();
    const content = await this.read(manifest);
    reply.headers({ ...fixed, 'content-type': 'application/x-ndjson; charset=utf-8' });
    if (range.kind === 'whole') return void reply.send(content);
    const { first, last } = range;
    reply
      .status(206)
      .headers({ 'content-range': `bytes ${first}-${last}/${manifest.bytes}` })
      .send(content.subarray(first, last + 1));
  }

  private async find(release: string): Promise<ReleaseManifest> {
    const found = /^[1-9]\d{0,8}$/.test(release) ? await findRelease(this.database, Number(release)) : null;
    if (found === null)
      throw new Problem(
        404,
        'NOT_FOUND',
        `There is no release ${release}; GET /v1/gold/releases lists those there are.`,
      );
    return found;
  }

  private async read({ release }: ReleaseManifest): Promise<Buffer> {
    const name = releaseName(release, 'clean_training_dataset.jsonl');
    const content = await this.blobs.read(name);
    if (content === null) throw new PipelineError('INVARIANT_BROKEN', `blob ${name} of a confirmed release is gone`);
    return Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  }
}
