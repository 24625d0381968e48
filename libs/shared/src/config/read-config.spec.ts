import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PipelineError } from '../errors/pipeline-error.ts';
import { readConfig, secret } from './read-config.ts';

const schema = z.object({
  NAME: z.string().describe('A name.'),
  COUNT: z.coerce.number().int().min(1).default(3).describe('How many.'),
  TOKEN: secret(
    z
      .string()
      .regex(/^[0-9a-f]+$/, 'must be hex digits')
      .describe('A key.'),
  ),
});

function problemOf(environment: Record<string, string | undefined>): string {
  try {
    readConfig(schema, environment);
  } catch (error) {
    if (error instanceof PipelineError && error.code === 'CONFIG_INVALID') return error.message;
    throw error;
  }
  throw new Error('the settings were taken');
}

describe('reading settings', () => {
  it('takes what is there, turns it into its type, and fills in the rest', () => {
    expect(readConfig(schema, { NAME: 'x', TOKEN: 'ab', COUNT: '7', PATH: '/bin' })).toEqual({
      NAME: 'x',
      TOKEN: 'ab',
      COUNT: 7,
    });
    expect(readConfig(schema, { NAME: 'x', TOKEN: 'ab' })).toMatchObject({ COUNT: 3 });
  });

  it('takes an empty variable as one that is not set, as compose files mean it', () => {
    expect(readConfig(schema, { NAME: 'x', TOKEN: 'ab', COUNT: '' })).toMatchObject({ COUNT: 3 });
    expect(problemOf({ NAME: '', TOKEN: 'ab' })).toContain('NAME: is required');
  });

  it('tells every problem at once, each with its rule and what the setting is for', () => {
    expect(problemOf({ COUNT: '0', TOKEN: 'not hex' }).split('\n')).toEqual([
      '3 settings are not usable:',
      '  NAME: is required (A name.)',
      expect.stringMatching(/^ {2}COUNT: .*1.* \(How many\.\)$/),
      '  TOKEN: must be hex digits (A key.)',
    ]);
  });

  it('tells one problem in the singular', () => {
    expect(problemOf({ TOKEN: 'ab' })).toBe('one setting is not usable:\n  NAME: is required (A name.)');
  });

  it.each([
    { NAME: 'x', TOKEN: 'hunter2-the-secret' },
    { NAME: 'x', TOKEN: 'ab', COUNT: 'hunter2-the-secret' },
  ])('never prints a value, whichever setting it stands in', (environment) => {
    expect(problemOf(environment)).not.toContain('hunter2');
  });

  it('marks a secret for the reference pages, and keeps its description', () => {
    expect(z.toJSONSchema(schema, { io: 'input' }).properties).toMatchObject({
      TOKEN: { description: 'A key.', secret: true },
    });
  });
});

describe('a setting that is given as a file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-spec-'));
    await writeFile(join(folder, 'token'), 'abcdef\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is read from it, without the newline every editor adds', () => {
    expect(readConfig(schema, { NAME: 'x', TOKEN_FILE: join(folder, 'token') })).toMatchObject({ TOKEN: 'abcdef' });
  });

  it('gives way to the variable itself', () => {
    expect(readConfig(schema, { NAME: 'x', TOKEN: 'ff', TOKEN_FILE: join(folder, 'token') })).toMatchObject({
      TOKEN: 'ff',
    });
  });

  it('that cannot be read is a problem that names it', () => {
    expect(problemOf({ NAME: 'x', TOKEN_FILE: join(folder, 'nothing') })).toContain('TOKEN_FILE cannot be read');
  });
});
