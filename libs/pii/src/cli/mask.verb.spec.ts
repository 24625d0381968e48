import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { speakInto } from '@assay/cli/testing/speak';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as modelFinder from '../adapters/model-finder.ts';
import { NameFinderError } from '../adapters/name-finder-error.ts';
import { verb } from './mask.verb.ts';

/** A model that knows Jane and where she lives, and fails on thunder. */
vi.mock('../adapters/model-finder.ts', async (original) => ({
  createModelFinder: async (options: { readonly folder: string }) => {
    if (options.folder !== 'known') return (await original<typeof modelFinder>()).createModelFinder(options);
    const findNames = (text: string) => {
      if (text.includes('thunder'))
        return Promise.reject(new NameFinderError('asking the model in known: TimeoutError'));
      const found = [['Jane', 'PERSON'] as const, ['Leeds', 'LOCATION'] as const].flatMap(([value, type]) =>
        text.includes(value) ? [{ start: text.indexOf(value), end: text.indexOf(value) + value.length, type }] : [],
      );
      return Promise.resolve(found);
    };
    return { findNames };
  },
}));

async function run(input: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await speakInto(input, verb, ...args);
  return { code, lines: stdout.split('\n').slice(0, -1), stderr };
}

const line = (text: string): string => `${JSON.stringify({ text })}\n`;

describe('assay mask', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-mask-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives one line for each, in order', async () => {
    const { code, lines } = await run(line('a@b.co') + line('nothing') + line('ip 10.0.0.1'));
    expect(code).toBe(0);
    expect(lines.map((each) => JSON.parse(each) as unknown)).toEqual([
      { masked: '<EMAIL_1>', spans: [[0, 6, 'EMAIL_ADDRESS']] },
      { masked: 'nothing', spans: [] },
      { masked: 'ip <IP_1>', spans: [[3, 11, 'IP_ADDRESS']] },
    ]);
  });

  it('names a bad line by its number, never by its content, and goes on', async () => {
    const { code, lines, stderr } = await run(`{"text": secret}\n\n${line('a@b.co')}{"text":7}\n[]\n`);
    expect(code).toBe(1);
    expect(lines).toHaveLength(4);
    expect(lines[1]).toContain('<EMAIL_1>');
    expect(stderr.match(/line \d/g)).toEqual(['line 1', 'line 4', 'line 5']);
    expect(stderr + lines.join('')).not.toContain('secret');
  });

  it('takes an operator, a key and types', async () => {
    const keyFile = join(folder, 'key');
    await writeFile(keyFile, 'sixteen bytes, or more');
    const args = ['--operator', 'pseudonym', '--key-file', keyFile, '--key-id', 'k7', '--types', 'EMAIL_ADDRESS'];
    const { lines } = await run(line('a@b.co 10.0.0.1'), ...args);
    expect(lines[0]).toMatch(/<EMAIL:k7:[a-p]{20}> 10\.0\.0\.1/);
  });

  it('takes a registry', async () => {
    const file = join(folder, 'registry.json');
    await writeFile(
      file,
      JSON.stringify([
        { type: 'EMPLOYEE', shape: 'EMP-#{4}' },
        { type: 'PROJECT', terms: ['Blue'] },
      ]),
    );
    const { lines } = await run(line('emp-1234 on blue'), '--registry', file);
    expect(lines[0]).toContain('<EMPLOYEE_1> on <PROJECT_1>');
    await writeFile(file, '[{"type":"X"}]');
    expect(await run('', '--registry', file)).toMatchObject({ code: 2 });
  });

  it('takes a model for a second pass, and types for both', async () => {
    const input = line('it said a@b.co in Leeds: Jane');
    const all = await run(input, '--deep-model', 'known');
    expect(all.lines[0]).toContain('it said <EMAIL_1> in <LOCATION_1>: <PERSON_1>');
    const some = await run(input, '--deep-model', 'known', '--types', 'LOCATION');
    expect(some.lines[0]).toContain('it said a@b.co in <LOCATION_1>: Jane');
  });

  it('leaves out a line that the second pass fails on, and goes on', async () => {
    const { code, lines, stderr } = await run(line('thunder Jane') + line('Jane'), '--deep-model', 'known');
    expect(code).toBe(1);
    expect(lines.map((each) => Object.keys(JSON.parse(each) as object)[0])).toEqual(['error', 'masked']);
    expect(stderr).toMatch(/line 1 .* asking the model in known: TimeoutError/);
    expect(stderr + lines.join('')).not.toContain('thunder');
  });

  it('writes a page about the whole input that holds no value, and masks all the same', async () => {
    const file = join(folder, 'page.html');
    const input = `${line('a@b.co')}\n${line('x')}{"text":7}\n${line('call Zebediah, my name is Quillon')}`;
    const { code, lines } = await run(input, '--report', file);
    expect([code, lines.length]).toEqual([1, 4]);
    const page = await readFile(file, 'utf8');
    expect(page).toContain('3 rows read');
    expect(page).toContain('EMAIL_ADDRESS');
    expect(page).not.toMatch(/a@b\.co|Zebediah/);
  });

  it('says that the page cannot be written before it reads a line', async () => {
    const { code, lines, stderr } = await run(line('a@b.co'), '--report', join(folder, 'no', 'page.html'));
    expect([code, lines]).toEqual([2, []]);
    expect(stderr).toContain('page.html');
  });

  it.each([
    ['an unknown operator', ['--operator', 'shred'], 'no operator'],
    ['a pseudonym without a key', ['--operator', 'pseudonym'], '--key-file'],
    ['an unknown option', ['--loud'], '--loud'],
    [
      'a model folder that is not there',
      ['--deep-model', '/nowhere/at/all'],
      'there is no model folder /nowhere/at/all',
    ],
  ])('refuses %s with its usage', async (_, args, message) => {
    const { code, lines, stderr } = await run(line('a@b.co'), ...args);
    expect(code).toBe(2);
    expect(lines).toEqual([]);
    expect(stderr).toContain(message);
    expect(stderr).toContain('usage: assay mask');
  });
});
