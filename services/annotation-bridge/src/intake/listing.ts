import { hash } from 'node:crypto';
import { isLabelFileName } from '@assay/labels/label-file-name';
import type { BlobStore, ListedBlob } from '@assay/shared/blob/blob-store';
import type { Log } from '@assay/shared/pipeline/log';
import { isGrowing, type ListedFile, nameFault, shownPath } from './domain/listed-file.ts';

/** Names that one round looks at, which is what a blob store lists in one request. */
export const NAMES_AT_ONCE = 5_000;

/** Warnings about names that are remembered; beyond them one may be said again. */
const FAULTS_REMEMBERED = 10_000;

export interface ListedPage {
  readonly files: readonly ListedFile[];
  /** Its place in the listing. */
  readonly number: number;
  /** Of all that was listed, so that a page which has not changed is known again. */
  readonly digest: string;
  /** Some of it was left out, because it may still be growing. */
  readonly isSettled: boolean;
}

/**
 * The container, a page at a time: the listing goes on where the round before left off, and begins again after its end. What
 * a round costs does not grow with the files; how long a new one waits to be seen does, by a round for every 5,000.
 */
export class LabelListing {
  readonly #blobs: Pick<BlobStore, 'list'>;
  readonly #log: Log;
  #names: AsyncIterator<ListedBlob> | undefined;
  #page = 0;
  #passedOver = 0;
  #toldPassedOver = 0;
  readonly #faults = new Set<string>();

  constructor(blobs: Pick<BlobStore, 'list'>, log: Log) {
    this.#blobs = blobs;
    this.#log = log;
  }

  async nextPage(now: Date): Promise<ListedPage> {
    const blobs = await this.#read();
    const named = blobs.filter(({ name }) => isLabelFileName(name));
    this.#passedOver += blobs.length - named.length;
    const whole = named.filter((blob) => !isGrowing(blob, now));
    const page = {
      number: this.#page++,
      files: this.#readable(whole),
      digest: hash('sha256', JSON.stringify(named.map(({ name, etag }) => [name, etag])), 'base64'),
      isSettled: whole.length === named.length,
    };
    if (this.#names === undefined) this.#end();
    return page;
  }

  /** Files whose names begin with a path, as many as a page has. */
  async below(path: string, now: Date): Promise<readonly ListedFile[]> {
    const blobs: ListedBlob[] = [];
    for await (const blob of this.#blobs.list(path)) {
      if (blobs.length >= NAMES_AT_ONCE) break;
      if (isLabelFileName(blob.name) && !isGrowing(blob, now)) blobs.push(blob);
    }
    return this.#readable(blobs);
  }

  #readable(blobs: readonly ListedBlob[]): readonly ListedFile[] {
    return blobs.map(({ name: path, etag, size }) => ({ path, etag, size })).filter((file) => this.#isReadable(file));
  }

  /** A listing that failed is begun again. */
  async #read(): Promise<readonly ListedBlob[]> {
    const names = (this.#names ??= this.#blobs.list('')[Symbol.asyncIterator]());
    this.#names = undefined;
    const blobs: ListedBlob[] = [];
    while (blobs.length < NAMES_AT_ONCE) {
      const { value, done } = await names.next();
      if (done === true) return blobs;
      blobs.push(value);
    }
    this.#names = names;
    return blobs;
  }

  /** Markers, checksums and files that are still being written: nobody waits for them, so only their number is told. */
  #end(): void {
    const count = this.#passedOver;
    if (count !== this.#toldPassedOver)
      this.#log.debug({ count }, 'Files whose names say that they are no label files are passed over.');
    this.#toldPassedOver = count;
    this.#passedOver = 0;
    this.#page = 0;
  }

  /** A fault is said once: somebody waits for this file to be read. */
  #isReadable({ path, etag }: ListedFile): boolean {
    const fault = nameFault(path);
    if (fault === null) return true;
    const key = `${path}\n${etag}`;
    if (!this.#faults.has(key)) this.#log.warn({ path: shownPath(path) }, fault);
    if (this.#faults.size < FAULTS_REMEMBERED) this.#faults.add(key);
    return false;
  }
}
