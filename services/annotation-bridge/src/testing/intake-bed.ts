import { randomBytes } from 'node:crypto';
import { defaultSettings, type SourceSettings } from '@assay/labels/label-row';
import { createAzureBlobStore } from '@assay/shared/blob/azure/azure-blob-store';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import {
  labelMessageSchema,
  type LabelChange,
  type LabelMessage,
  type RemovalMessage,
  removalMessageSchema,
} from '@assay/shared/contracts/label-message';
import { roles } from '@assay/shared/contracts/roles';
import { topics } from '@assay/shared/contracts/topics';
import type { OutgoingMessage, TopicWriter } from '@assay/shared/pipeline/topic-writer';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { createTestDatabase, type TestDatabase } from '@assay/shared/testing/test-database';
import { LabelFileReader } from '../intake/label-file-reader.ts';
import { LabelIntake } from '../intake/label-intake.ts';
import { knownPrivacySettings } from './known-privacy.ts';

/** What the intake has sent, in order. */
export class Published implements TopicWriter {
  readonly messages: OutgoingMessage[] = [];

  async write(topic: { readonly name: string }, messages: readonly OutgoingMessage[]): Promise<void> {
    if (topic.name !== topics.labels.name) throw new Error(`labels do not go to ${topic.name}`);
    this.messages.push(...messages);
  }

  all(): readonly LabelChange[] {
    return this.messages.map(({ value }) => {
      const json = JSON.parse(String(value)) as { op: string };
      return json.op === 'remove' ? removalMessageSchema.parse(json) : labelMessageSchema.parse(json);
    });
  }

  read(): readonly LabelMessage[] {
    return this.all().filter((message) => message.op !== 'remove');
  }

  removals(): readonly RemovalMessage[] {
    return this.all().filter((message) => message.op === 'remove');
  }
}

const quiet = () => {};

/** A database of a spec file's own, and a container of each test's own. */
export class IntakeBed {
  readonly database: TestDatabase;
  readonly postgres: Postgres;
  readonly warnings: string[] = [];
  readonly debugged: unknown[] = [];
  blobs!: BlobStore;
  published!: Published;
  readonly #connection: string;
  /** A thread each costs a second of a spec's time. */
  readonly #readers = new Map<SourceSettings, LabelFileReader>();

  private constructor(database: TestDatabase, connection: string) {
    this.database = database;
    this.postgres = database.as(roles.bridge);
    this.#connection = connection;
  }

  static async start(blobConnectionString: string): Promise<IntakeBed> {
    return new IntakeBed(await createTestDatabase(), blobConnectionString);
  }

  async stop(): Promise<void> {
    for (const reader of this.#readers.values()) await reader.close();
    await this.database.drop();
  }

  async clear(): Promise<void> {
    await this.database.admin.query(
      `truncate assay.label_files, assay.label_file_rows, assay.newest_contents, assay.label_placements,
                assay.rejected_rows`,
    );
    this.blobs = createAzureBlobStore(this.#connection, `labeled-${randomBytes(6).toString('hex')}`);
    await this.blobs.ping();
    this.published = new Published();
    this.warnings.length = 0;
    this.debugged.length = 0;
  }

  put = (path: string, content: string | Buffer): Promise<void> => this.blobs.replace(path, Buffer.from(content), {});

  intake(
    writer: TopicWriter = this.published,
    parts: {
      blobs?: BlobStore;
      postgres?: Postgres;
      settings?: SourceSettings;
      reader?: LabelFileReader;
      now?: () => Date;
    } = {},
  ): LabelIntake {
    const { blobs, postgres } = this;
    return new LabelIntake({
      blobs,
      postgres,
      writer,
      reader: this.#readerFor(parts.settings),
      log: this.#log,
      ...parts,
    });
  }

  async rows<Row>(text: string): Promise<readonly Row[]> {
    return (await this.database.admin.query(text)).rows as Row[];
  }

  readonly #log = {
    debug: (fields: object) => void this.debugged.push(fields),
    info: quiet,
    warn: (_fields: object, text: string) => void this.warnings.push(text),
    error: quiet,
  };

  #readerFor(settings: SourceSettings = defaultSettings): LabelFileReader {
    const known = this.#readers.get(settings) ?? new LabelFileReader({ settings, privacy: knownPrivacySettings });
    this.#readers.set(settings, known);
    return known;
  }
}
