import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { speak } from '@assay/cli/testing/speak';
import { describe, expect, it } from 'vitest';
import { inTemporaryFolder, writeFiles } from './testing/validate-files.ts';
import { verb } from './validate.verb.ts';

const files = {
  'in/a.csv':
    'doc_id,text,annotator_id,label,confidence_score\nd1,t,x,a,1\nd1,t,y,b,1\nd2,t,x,a,1\nd2,t,y,a,1\nd3,t,x,a,\n',
  'in/broken.csv.gz': 'no gzip',
  'empty/.keep/x': '',
};

async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string; folder: string }> {
  return await inTemporaryFolder(async (folder) => {
    writeFiles(folder, files);
    const { code, stdout, stderr } = await speak(verb, ...args.map((arg) => arg.replace('DIR', folder)));
    return { code, out: stdout, err: stderr, folder };
  });
}

const usual = ['DIR/in', '--out', 'DIR/out'];

describe('assay validate', () => {
  it('prints a report for people', async () => {
    const { code, out, err } = await run(...usual);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/live +4/);
    expect(out).toMatch(/broken\.csv\.gz: bad_gzip/);
    expect(out).toMatch(/confidence_missing +1/);
    expect(out).toMatch(/Cohen's kappa +0\.000/);
  });

  it('prints report.json and nothing else with --json', async () => {
    const { code, out, err } = await inTemporaryFolder(async (folder) => {
      writeFiles(folder, files);
      const spoken = await speak(verb, join(folder, 'in'), '--out', join(folder, 'out'), '--json');
      expect(spoken.stdout).toBe(readFileSync(join(folder, 'out', 'report.json'), 'utf8'));
      return { code: spoken.code, out: spoken.stdout, err: spoken.stderr };
    });
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({ rows: 5, rejected_files: { 'broken.csv.gz': 'bad_gzip' } });
  });

  it.each([
    ['no input', ['--out', 'DIR/out'], 'name a folder'],
    ['no output', ['DIR/in'], '--out DIR is missing'],
    ['an unknown option', [...usual, '--frobnicate'], '--frobnicate'],
    ['an input that is not there', ['DIR/nowhere', '--out', 'DIR/out'], 'there is no'],
    ['an output inside the input', ['DIR/in', '--out', 'DIR/in/out'], 'inside the input folder'],
    ['a threshold out of range', [...usual, '--threshold', '80'], '[0, 1]'],
    ['a threshold that is no number', [...usual, '--threshold', '80%'], 'is a number'],
    ['no annotators at all', [...usual, '--min-annotators', '0'], 'whole number from 1'],
    ['a scale that is none', [...usual, '--confidence', 'sure:many'], 'NAME:MAX'],
    ['unknown rules', [...usual, '--rules', 'lenient'], '--rules is'],
    ['a kappa out of range', [...usual, '--min-kappa', '2'], '--min-kappa'],
    ['an impossible limit', [...usual, '--max-rejected', '-1'], '--max-rejected'],
    ['a nameless field', [...usual, '--fields', 'a,,b'], '--fields'],
  ])('exits 2 for %s', async (_case, args, message) => {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
  });

  it.each<[string, string[], number]>([
    ['low agreement', ['--min-kappa', '0.5'], 3],
    ['agreement that is high enough', ['--min-kappa', '-0.5'], 0],
    ['too many rejected rows', ['--max-rejected', '1'], 3],
    ['few enough, the broken file counting as one', ['--max-rejected', '2'], 0],
    ['too large a share', ['--max-rejected', '10%'], 3],
    ['a small enough share', ['--max-rejected', '0.5'], 0],
    ['two gates of which one fails', ['--min-kappa', '-1', '--max-rejected', '0'], 3],
  ])('judges %s', async (_case, gates, code) => {
    const { code: found, err, out } = await run(...usual, ...gates);
    expect(found).toBe(code);
    expect(err.includes('failed')).toBe(code === 3);
    expect(out).toContain('Results:');
  });

  it('fails the agreement gate where agreement cannot be told', async () => {
    const alone = await run(...usual, '--min-kappa', '-1', '--rules', 'original');
    expect([alone.code, alone.err]).toEqual([3, expect.stringContaining('no votes to compare')]);
  });
});
