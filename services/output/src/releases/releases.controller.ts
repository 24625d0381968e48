import { Readable } from 'node:stream';
import type { BlobStore, Range } from '@assay/shared/blob/blob-store';
import { releaseName } from '@assay/shared/contracts/blobs';
import type { ReleaseManifest } from '@assay/shared/contracts/release';
import { Access } from '@assay/shared/http/access';
import { Problem } from '@assay/shared/http/problem';
import type { Reply } from '@assay/shared/http/reply';
import { PipelineError } from '@assay/shared/errors/pipeline-error';
import type { Transaction } from '@assay/shared/postgres/statement';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { findLatestRelease, findRelease, listReleases } from './releases.sql.ts';
import { byteRangeOf, namesTag } from './domain/byte-range.ts';

export const RELEASES_DATABASE = Symbol('database of the releases');
export const GOLD_BLOBS = Symbol('gold blobs');

interface FileRequest {
  readonly method: string;
  readonly headers: { readonly 'if-none-match'?: string; readonly 'if-range'?: string; readonly range?: string };
}

/** Releases never change once they are made, so whoever has one need not load it again. */
@Controller('v1/gold/releases')
@Access('read')
export class ReleasesController {
  readonly #database: Pick<Transaction, 'query'>;
  readonly #blobs: BlobStore;

  constructor(@Inject(RELEASES_DATABASE) database: Pick<Transaction, 'query'>, @Inject(GOLD_BLOBS) blobs: BlobStore) {
    this.#database = database;
    this.#blobs = blobs;
  }

  @Get()
  async list(): Promise<{ releases: readonly ReleaseManifest[] }> {
    return { releases: await listReleases(this.#database) };
  }

  @Get('latest')
  async latest(): Promise<ReleaseManifest> {
    const latest = await findLatestRelease(this.#database);
    if (latest === null) throw new Problem(404, 'NOT_FOUND', 'There is no release yet; make one with `assay release`.');
    return latest;
  }

  @Get(':release')
  manifest(@Param('release') release: string): Promise<ReleaseManifest> {
    return this.#find(release);
  }

  @Get(':release/:file')
  async file(
    @Param('release') number: string,
    @Param('file') name: string,
    @Req() { method, headers }: FileRequest,
    @Res() reply: Reply,
  ): Promise<void> {
    const { release, files } = await this.#find(number);
    const file = files.find((one) => one.name === name);
    if (file === undefined)
      throw new Problem(404, 'NOT_FOUND', `Release ${release} has no such file; its manifest lists those it has.`);
    const tag = `"${file.sha256}"`;
    const fixed = { etag: tag, 'accept-ranges': 'bytes', 'cache-control': 'private, max-age=31536000, immutable' };
    if (namesTag(headers['if-none-match'], tag)) return void reply.status(304).headers(fixed).send();
    // A part of another file than the caller holds a part of would be of no use.
    const isSame = headers['if-range'] === undefined || headers['if-range'] === tag;
    const range = byteRangeOf(isSame ? headers.range : undefined, file.bytes);
    if (range.kind === 'unsatisfiable')
      return void reply
        .status(416)
        .headers({ ...fixed, 'cache-control': 'no-store', 'content-range': `bytes */${file.bytes}` })
        .send();
    const { first, last } = range.kind === 'part' ? range : { first: 0, last: file.bytes - 1 };
    const length = last - first + 1;
    if (range.kind === 'part') reply.status(206).header('content-range', `bytes ${first}-${last}/${file.bytes}`);
    reply.headers({ ...fixed, 'content-type': file.media_type, 'content-length': String(length) });
    // What HEAD asks stands in the manifest; Fastify would read a blob to its end only to leave it out of the answer.
    const isAsked = method !== 'HEAD';
    const content = isAsked ? await this.#open(releaseName(release, name), { from: first, to: last + 1 }) : [];
    reply.send(Readable.from(content, { objectMode: false }));
  }

  async #find(release: string): Promise<ReleaseManifest> {
    const found = /^[1-9]\d{0,8}$/.test(release) ? await findRelease(this.#database, Number(release)) : null;
    if (found === null)
      throw new Problem(
        404,
        'NOT_FOUND',
        `There is no release ${release}; GET /v1/gold/releases lists those there are.`,
      );
    return found;
  }

  async #open(blob: string, range: Range): Promise<AsyncIterable<Uint8Array>> {
    const found = await this.#blobs.open(blob, range);
    if (found === null) throw new PipelineError('INVARIANT_BROKEN', `blob ${blob} of a confirmed release is gone`);
    return found.chunks;
  }
}
