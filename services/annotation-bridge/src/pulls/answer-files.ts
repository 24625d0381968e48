import { randomUUID } from 'node:crypto';
import type { SourceSettings } from '@assay/labels/label-row';
import { readLabels } from '@assay/labels/read-labels';
import type { BlobStore } from '@assay/shared/blob/blob-store';
import { sha256Of, writeOnce } from '@assay/shared/blob/write-once';
import { answersName, takenBackName } from '@assay/shared/contracts/blobs';
import type { Postgres } from '@assay/shared/postgres/postgres';
import {
  findUnwrittenFiles,
  forgetTakenBack,
  forgetUnwritten,
  intendAnswers,
  noteLookedAt,
  noteWritten,
  readKnownAnswers,
} from './answers.sql.ts';
import { compareAnswers, type Difference, type KnownAnswer, type TakenBack } from './domain/compare-answers.ts';
import { answersFile, linesOf, takenBackRows } from './domain/label-file-content.ts';
import type { SeenItem, ToolSource } from './tool-source.ts';

interface Parts {
  readonly postgres: Postgres;
  readonly blobs: BlobStore;
  /** As the intake reads them: a row is taken back by the row that equals it. */
  readonly settings: SourceSettings;
}

/**
 * Writes what a tool shows as label files, which are never changed: what is new as the tool has it, what is no longer so as rows
 * that take it back. The risky region: what will stand in a file is committed before the file is written, so that a crash cannot
 * leave a row that nobody would ever take back. Under the lease of its tool nobody else does the same.
 */
export class AnswerFiles {
  readonly #parts: Parts;
  readonly #source: ToolSource;

  constructor(parts: Parts, source: ToolSource) {
    this.#parts = parts;
    this.#source = source;
  }

  /** `gone` are items that were looked for and not seen. Answers whether anything was written. */
  async takeIn(seen: readonly SeenItem[], gone: readonly string[] = []): Promise<boolean> {
    const { postgres } = this.#parts;
    const tool = this.#source.name;
    const itemIds = [...seen.map(({ id }) => id), ...gone];
    const known = await postgres.query<KnownAnswer>(readKnownAnswers, [tool, itemIds]);
    const difference = compareAnswers(known, seen);
    const isChanged = difference.toWrite.length + difference.toTakeBack.length > 0;
    if (isChanged) await this.#write(difference);
    await postgres.query(noteLookedAt, [tool, itemIds]);
    return isChanged;
  }

  /** What a process that died left half done: its file is there, or never came to be. */
  async recover(): Promise<void> {
    const { postgres, blobs } = this.#parts;
    const tool = this.#source.name;
    for (const { path } of await postgres.query<{ path: string }>(findUnwrittenFiles, [tool])) {
      const isThere = (await blobs.metadata(path)) !== null;
      await postgres.query(isThere ? noteWritten : forgetUnwritten, [tool, path]);
    }
  }

  async #write({ toWrite, toTakeBack }: Difference): Promise<void> {
    const { postgres } = this.#parts;
    const { name: tool, answersKey } = this.#source;
    const path = answersName(tool, randomUUID(), new Date());
    const rows = await this.#rowsTakenBack(toTakeBack);
    if (toWrite.length > 0) {
      await postgres.query(intendAnswers, [tool, path, ...columnsOf(toWrite)]);
      await this.#create(path, answersFile(toWrite, answersKey));
    }
    if (rows.length > 0) await this.#create(takenBackName(path), linesOf(rows));
    const taken = [toTakeBack.map(({ answerId }) => answerId), toTakeBack.map((answer) => answer.path)];
    await postgres.transaction('synchronous', async (tx) => {
      await tx.query(noteWritten, [tool, path]);
      await tx.query(forgetTakenBack, [tool, ...taken]);
    });
  }

  async #rowsTakenBack(answers: readonly TakenBack[]): Promise<readonly object[]> {
    const rows: object[] = [];
    for (const [path, ofFile] of Map.groupBy(answers, (answer) => answer.path)) {
      const bytes = await this.#parts.blobs.read(path);
      if (bytes === null) continue; // somebody deleted the file, and with it the way to what it said
      const { labels } = await readLabels(path, bytes, this.#parts.settings);
      rows.push(...takenBackRows(labels, ofFile));
    }
    return rows;
  }

  async #create(path: string, content: Buffer): Promise<void> {
    await writeOnce(this.#parts.blobs, path, content, sha256Of(content));
  }
}

/** Items, answers and versions, one beside the other. */
function columnsOf(items: readonly SeenItem[]): readonly (readonly string[])[] {
  const all = items.flatMap(({ id: itemId, answers }) =>
    answers.map(({ id, version }) => [itemId, id, version] as const),
  );
  return [all.map(([item]) => item), all.map(([, answer]) => answer), all.map(([, , version]) => version)];
}
