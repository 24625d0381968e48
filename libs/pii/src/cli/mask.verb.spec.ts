import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { speakInto } from '@assay/cli/testing/speak';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verb } from './mask.verb.ts';

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

  it.each([
    ['an unknown operator', ['--operator', 'shred'], 'no operator'],
    ['a pseudonym without a key', ['--operator', 'pseudonym'], '--key-file'],
    ['an unknown option', ['--loud'], '--loud'],
  ])('refuses %s with its usage', async (_, args, message) => {
    const { code, lines, stderr } = await run(line('a@b.co'), ...args);
    expect(code).toBe(2);
    expect(lines).toEqual([]);
    expect(stderr).toContain(message);
    expect(stderr).toContain('usage: assay mask');
  });
});
