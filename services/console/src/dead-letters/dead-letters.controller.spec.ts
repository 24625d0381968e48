import { headers } from '@assay/shared/contracts/headers';
import { topics } from '@assay/shared/contracts/topics';
import type { SourceRecord } from '@assay/shared/pipeline/record';
import type { OutgoingMessage } from '@assay/shared/pipeline/topic-writer';
import type { Postgres } from '@assay/shared/postgres/postgres';
import { sourceRecord } from '@assay/shared/testing/source-record';
import { describe, expect, it } from 'vitest';
import { DeadLettersController } from './dead-letters.controller.ts';
import { LetterDesk } from './letter-desk.ts';

const SECRET = 'ann.lee@example.com';
const { deadLetter } = headers;

const letter = (offset: number): SourceRecord =>
  sourceRecord({
    offset: BigInt(offset),
    value: Buffer.from(JSON.stringify({ text: SECRET, priority: 'urgent' })),
    headers: {
      [deadLetter.sourceTopic]: topics.ticketsRaw.name,
      [deadLetter.sourcePartition]: '0',
      [deadLetter.sourceOffset]: String(offset),
      [deadLetter.code]: 'CONTRACT_VIOLATED',
      [deadLetter.reason]: 'priority: invalid',
      [deadLetter.step]: 'decodeTicket',
    },
  });

function given(letters: readonly SourceRecord[] = [letter(1), letter(2)]) {
  const sent: OutgoingMessage[] = [];
  const scanned: string[] = [];
  const kafka = {
    async scan(topic: string, onRecords: (records: readonly SourceRecord[]) => Promise<void>) {
      scanned.push(topic);
      if (topic === topics.ingestDeadLetters.name) await onRecords(letters);
      return true;
    },
    writer: { write: async (_: object, messages: readonly OutgoingMessage[]) => void sent.push(...messages) },
  };
  const query = async ({ name }: { name: string }, [value]: readonly unknown[]) =>
    name === 'begin-replays' ? (JSON.parse(value as string) as object[]) : [];
  const desk = new LetterDesk(kafka, { query } as unknown as Postgres);
  return { controller: new DeadLettersController(desk), sent, scanned };
}

describe('dead letters over HTTP', () => {
  it('are counted by what is alike', async () => {
    expect(await given().controller.list()).toEqual({
      groups: [expect.objectContaining({ code: 'CONTRACT_VIOLATED', step: 'decodeTicket', letters: 2, replayed: 0 })],
      unknown: 0,
    });
  });

  it('are replayed only when that is said; first there is a preview, without a word of a ticket', async () => {
    const { controller, sent } = given();
    const previewed = await controller.replay({ map: ['priority:urgent=>1'] });
    expect(previewed).toMatchObject({ meant: 2, replayed: 2, mapped: 2 });
    expect(previewed.preview[0]).toMatchObject({
      before: { priority: 'text of 6' },
      after: { text: 'text of 19', priority: 'number' },
    });
    expect(JSON.stringify(previewed)).not.toContain(SECRET);
    expect(sent).toEqual([]);

    expect(await controller.replay({ map: ['priority:urgent=>1'], dry_run: false })).toMatchObject({
      replayed: 2,
      preview: [],
    });
    expect(sent.map(({ value }) => String(value))).toEqual(
      Array.from({ length: 2 }, () => `{"text":"${SECRET}","priority":1}`),
    );
  });

  it('are those of the services that are named', async () => {
    const { controller, scanned } = given();
    await controller.replay({ services: ['output'] });
    expect(scanned).toEqual([topics.outputDeadLetters.name]);
  });

  it.each([
    [{ where: ['nonsense'] }, 'is no condition'],
    [{ map: ['nonsense'] }, 'is no change'],
    [{ services: ['nobody'] }, 'services'],
    [{ dryrun: false }, 'dryrun'],
    [null, 'expected object'],
  ])('refuses %j with what is wrong', async (body, told) => {
    await expect(given().controller.replay(body)).rejects.toMatchObject({
      status: 400,
      response: { detail: expect.stringContaining(told) },
    });
  });

  it('are looked through by one at a time', async () => {
    const { controller } = given();
    const first = controller.list();
    await expect(controller.list()).rejects.toMatchObject({ status: 503 });
    await first;
    await controller.list();
  });
});
