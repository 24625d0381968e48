import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { wordPieceOf, writeModelFolder } from '../testing/model-folder.ts';
import { readModelFolder } from './model-folder.ts';

const folders: string[] = [];
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))));

async function folderOf(files: Readonly<Record<string, object | string>>): Promise<string> {
  const folder = await writeModelFolder(files);
  folders.push(folder);
  return folder;
}

const whole = {
  'config.json': { id2label: { 1: 'B-PER', 0: 'O' }, max_position_embeddings: 64, pad_token_id: 7 },
  'tokenizer.json': wordPieceOf(),
  'onnx/model.onnx': '',
};

describe('readModelFolder', () => {
  it('reads labels in the order of their numbers, and what the network needs', async () => {
    const folder = await folderOf(whole);
    expect(await readModelFolder(folder)).toMatchObject({
      labels: ['O', 'B-PER'],
      longest: 64,
      padding: 7,
      tokenizerConfig: {},
      network: join(folder, 'onnx', 'model.onnx'),
    });
  });

  it('takes the only network by whatever name', async () => {
    const { 'onnx/model.onnx': network, ...rest } = whole;
    const folder = await folderOf({ ...rest, 'onnx/model_q4.onnx': network });
    expect((await readModelFolder(folder)).network).toBe(join(folder, 'onnx', 'model_q4.onnx'));
  });

  it('says that there is no folder', async () => {
    await expect(readModelFolder('/nowhere/at/all')).rejects.toThrow('there is no model folder /nowhere/at/all');
  });

  it('names the folder and all that is missing', async () => {
    const folder = await folderOf({});
    const message = await readModelFolder(folder).catch((error: unknown) => (error as Error).message);
    expect(message).toContain(folder);
    for (const name of ['config.json', 'tokenizer.json', 'model.onnx']) expect(message).toContain(`${name} is missing`);
  });

  it.each<[string, Readonly<Record<string, object | string>>, RegExp]>([
    ['a config without labels', { 'config.json': {} }, /no id2label/],
    ['labels with a gap', { 'config.json': { id2label: { 0: 'O', 2: 'B-PER' } } }, /no id2label/],
    ['a config that is no JSON', { 'config.json': '{' }, /config\.json is not a JSON object/],
    ['another tokenizer', { 'tokenizer.json': { model: { type: 'Unigram' } } }, /neither WordPiece nor BPE/],
  ])('refuses %s', async (_, files, message) => {
    const folder = await folderOf({ ...whole, ...files });
    await expect(readModelFolder(folder)).rejects.toThrow(message);
  });

  it('asks which of several networks is meant', async () => {
    const { 'onnx/model.onnx': network, ...rest } = whole;
    const folder = await folderOf({ ...rest, 'a.onnx': network, 'onnx/b.onnx': network });
    await expect(readModelFolder(folder)).rejects.toThrow(/a\.onnx, onnx.b\.onnx/);
  });
});
