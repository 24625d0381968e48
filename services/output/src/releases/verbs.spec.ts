import { speak } from '@assay/cli/testing/speak';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readReleaseFormats } from '../config.ts';
import { jsonl } from '../formats/jsonl/jsonl.ts';
import { verb as exportVerb } from './export.verb.ts';
import { renderRelease, verb as release } from './release.verb.ts';

const verbs = { release, export: exportVerb };
afterEach(() => vi.unstubAllEnvs());

describe('bad usage', () => {
  it.each<[keyof typeof verbs, string[], string]>([
    ['release', ['--nope'], `Unknown option '--nope'`],
    ['release', ['jsonl'], 'too many words'],
    ['release', ['--format', 'jsonl,csw'], '--format: "csw" is no format; there are: jsonl'],
    ['release', ['--format', 'jsonl,'], '--format is a list'],
    ['export', [], '--out FILE is missing'],
    ['export', ['--out', 'x', '--format', 'csw'], '"csw" is no format; there are: jsonl'],
  ])('of %s %j is answered with 2, what is wrong and the usage', async (name, args, told) => {
    const { code, stdout, stderr } = await speak(verbs[name], ...args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`assay ${name}: `);
    expect(stderr).toContain(told);
    expect(stderr).toContain(verbs[name].usage);
  });

  it.each([
    ['jsonl, csw', '"csw" is no format; there are: jsonl'],
    [',', 'must have jsonl among its formats'],
  ])('is not what a wrong setting is: %j is named with what is wrong', async (list, told) => {
    vi.stubEnv('OUTPUT_RELEASE_FORMATS', list);

    const { code, stderr } = await speak(release);

    expect(code).toBe(2);
    expect(stderr).toContain(`OUTPUT_RELEASE_FORMATS: ${told}`);
    expect(stderr).not.toContain(release.usage);
  });
});

it.each([
  ['jsonl alone where nothing is said', {}],
  ['each once, however often it is named', { OUTPUT_RELEASE_FORMATS: ' jsonl ,jsonl,' }],
])('the formats of a release are %s', (_name, environment) => {
  expect(readReleaseFormats(environment)).toEqual([jsonl]);
});

it('assay release tells of each file', () => {
  const [first, second] = ['clean_training_dataset.jsonl', 'label_table.tsv'].map((name, index) => ({
    name,
    format: name,
    media_type: 'text/plain',
    sha256: `sha-${index}`,
    bytes: 100 + index,
    line_count: 7,
  }));
  const manifest = {
    release: 12,
    file: `releases/000012/${first!.name}`,
    sha256: first!.sha256,
    bytes: first!.bytes,
    line_count: 7,
    last_seq: 9,
    rules_versions: {},
    planned_at: '2026-11-21T10:00:00.000000Z',
    files: [first!, second!],
  };

  expect(renderRelease({ kind: 'released', manifest })).toBe(
    [
      'Release 12: 7 documents',
      '  gold/releases/000012/clean_training_dataset.jsonl: 100 bytes',
      '  sha256 sha-0',
      '  gold/releases/000012/label_table.tsv: 101 bytes',
      '  sha256 sha-1',
      '',
    ].join('\n'),
  );
  expect(renderRelease({ kind: 'unchanged', manifest })).toContain(
    'Nothing has changed since release 12: 7 documents\n',
  );
  expect(renderRelease({ kind: 'empty' })).toBe('There is nothing to release: no document has been gold yet.\n');
});
