import { BlobServiceClient, type ContainerClient, RestError } from '@azure/storage-blob';
import { containers } from '@assay/shared/contracts/blobs';
import { type BatchRow, readBatch } from './batch-csv.ts';
import { brokenFileOf, dissentFileOf, type LabelFile, labelFilesOf } from './label-files.ts';

/** A batch as it went out. */
export interface Batch {
  readonly name: string;
  readonly rows: readonly BatchRow[];
}

export interface Uploaded {
  readonly files: number;
  readonly rows: number;
}

/** People with access to the two containers, and to nothing else. */
export class AnnotatorsDesk {
  readonly #outgoing: ContainerClient;
  readonly #labeled: ContainerClient;

  constructor(connectionString: string) {
    const service = BlobServiceClient.fromConnectionString(connectionString);
    this.#outgoing = service.getContainerClient(containers.outgoing);
    this.#labeled = service.getContainerClient(containers.labeled);
  }

  /** Everything that ever went out, in order of name, which is the order of time. */
  async batches(): Promise<readonly Batch[]> {
    const names: string[] = [];
    for await (const { name } of this.#outgoing.listBlobsFlat()) if (name.endsWith('.csv')) names.push(name);
    const batches: Batch[] = [];
    for (const name of names.toSorted()) {
      const bytes = await this.#outgoing.getBlobClient(name).downloadToBuffer();
      batches.push({ name, rows: readBatch(bytes.toString('utf8')) });
    }
    return batches;
  }

  /** The container people drop their files into; the bridge makes it too, when it is asked whether it is ready. */
  async open(): Promise<void> {
    await this.#labeled.createIfNotExists();
  }

  /** Names of the label files there are. */
  async labelFiles(): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const { name } of this.#labeled.listBlobsFlat()) names.push(name);
    return names;
  }

  /** Labels every batch that has no labels yet. The first one's annotators also hand in a wrong sheet. */
  async labelBatches(batches: readonly Batch[], onBatch: (labelled: number) => void): Promise<Uploaded> {
    const uploaded = { files: 0, rows: 0 };
    for (const [index, { name, rows }] of batches.entries()) {
      await this.#upload([...labelFilesOf(name, rows), ...(index === 0 ? [brokenFileOf(name, rows)] : [])], uploaded);
      onBatch(index + 1);
    }
    return uploaded;
  }

  /** Adds what the reviewer says later. */
  async dissent(batches: readonly Batch[]): Promise<Uploaded> {
    const uploaded = { files: 0, rows: 0 };
    const files = batches.map(({ name, rows }) => dissentFileOf(name, rows)).filter((file) => file !== undefined);
    await this.#upload(files, uploaded);
    return uploaded;
  }

  /** Names follow from the batch, so what another run has written already is left as it is. */
  async #upload(files: readonly LabelFile[], uploaded: { files: number; rows: number }): Promise<void> {
    for (const { name, content, rows } of files)
      try {
        const conditions = { ifNoneMatch: '*' };
        await this.#labeled.getBlockBlobClient(name).upload(content, content.byteLength, { conditions });
        uploaded.files += 1;
        uploaded.rows += rows;
      } catch (error) {
        if (!(error instanceof RestError && error.code === 'BlobAlreadyExists')) throw error;
      }
  }
}
