import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { speakInto } from '@assay/cli/testing/speak';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Loss } from '../formats/loss.ts';
import { verb } from './convert.verb.ts';

const samples = fileURLToPath(new URL('../../testdata/formats/azure-ml/', import.meta.url));
const exported = join(samples, 'labeledDatapoints_2.jsonl');
const manifests = ['tickets_20260914T083000000Z_b-0914.csv', 'tickets_20260921T080000000Z_b-0921.csv'].map((name) =>
  join(samples, name),
);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-convert-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function convert(args: readonly string[], input: string | Uint8Array = '') {
  const { code, stdout, stderr } = await speakInto(input, verb, ...args);
  return { code, out: stdout, err: stderr };
}

describe('assay convert', () => {
  it('turns a rescued Azure ML export into Label Studio tasks and back', async () => {
    const tasks = join(folder, 'tasks.json');
    const loss = join(folder, 'loss.json');
    const there = await convert(
      [
        '--from',
        'azure-ml',
        '--to',
        'label-studio',
        '--in',
        exported,
        '--out',
        tasks,
        '--manifests',
        ...manifests,
      ].concat(['--loss', loss]),
    );
    expect(there).toMatchObject({ code: 0, out: '' });
    expect(there.err).toContain('azure-ml → label-studio: 5 labels read, 5 written.');
    expect(there.err).toContain('1 × lost: docId (jsonlines_row_11.txt is no row of the 11 in the manifests;');
    expect(there.err).toContain('5 × kept aside: confidence');
    const report = JSON.parse(readFileSync(loss, 'utf8')) as { read: number; written: number; losses: Loss[] };
    expect(report).toMatchObject({ from: 'azure-ml', to: 'label-studio', read: 5, written: 5 });
    expect(report.losses.filter(({ isKept }) => !isKept).map(({ what }) => what)).toEqual(['row', 'docId', 'text']);
    // Texts of the CSV files came back with the documents.
    expect(readFileSync(tasks, 'utf8')).toContain('Rechnung [INVOICE_1] stimmt nicht, bitte prüfen');

    const back = await convert(['--to', 'azure-ml', '--in', tasks, '--no-aside']);
    expect(back.code).toBe(0);
    const parsed = (lines: string) =>
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown);
    expect(parsed(back.out)).toEqual(parsed(readFileSync(exported, 'utf8')));
  });

  it('warns of tasks that Label Studio would refuse: manifests know the documents, not the texts', async () => {
    const json = manifests.map((path) => path.replace('.csv', '.manifest.json'));
    const { code, err } = await convert(['--to', 'label-studio', '--in', exported, '--manifests', ...json]);
    expect(code).toBe(0);
    expect(err).toContain('5 × lost: text (label-studio refuses an item without its text');
  });

  it('finds out what comes in, compressed or not, and leaves no half file behind', async () => {
    const out = join(folder, 'labels.csv');
    const result = await convert(['--to', 'csv', '--out', out], gzipSync('task,worker,label\nd1,w1,bug\n'));
    expect(result).toMatchObject({
      code: 0,
      err: 'assay convert: crowd-kit → csv: 1 labels read, 1 written.\n  nothing is lost.\n',
    });
    expect(readFileSync(out, 'utf8')).toContain('w1,bug');
    expect(readdirSync(folder)).toEqual(['labels.csv']);
  });

  it('reads UTF-16 and, with a note, windows-1252', async () => {
    const table = 'text,label,annotator\nGrüße,bug,1\n';
    const utf16 = await convert(['--to', 'jsonl'], Buffer.from(`\uFEFF${table}`, 'utf16le'));
    expect(utf16.out).toContain('Grüße');
    const windows = await convert(['--to', 'jsonl'], Buffer.from(table, 'latin1'));
    expect(windows.out).toContain('Grüße');
    expect(windows.err).toContain('note: not UTF-8: read as windows-1252');
  });

  it('counts what is no vote, and says why there may be none', async () => {
    const annotation = (more: object) => ({
      result: [{ from_name: 'label', type: 'choices', value: { choices: ['a'] } }],
      ...more,
    });
    const task = (more: object) => [{ data: { text: 'a' }, annotations: [annotation(more)] }];
    const skipped = await convert(['--to', 'csv'], JSON.stringify(task({ was_cancelled: true })));
    expect(skipped.err).toContain('1 × not a vote, skipped');
    const truth = JSON.stringify(task({ ground_truth: true }));
    const reference = await convert(['--to', 'csv'], truth);
    expect(reference.err).toContain('every annotation is ground truth');
    expect(reference.err).toContain('1 × lost: ground truth (csv cannot mark a reference');
    const vote = await convert(['--to', 'csv', '--ground-truth', 'vote'], truth);
    expect(vote.err).toContain('1 labels read, 1 written');
    const kept = await convert(['--to', 'label-studio'], truth);
    expect(kept.out).toContain('"ground_truth": true');
  });

  it('takes its settings from the options', async () => {
    const rows = JSON.stringify([{ annotation_id: 1, annotator: 2, lead_time: 1, text: 'a', mood: 'bad', sure: 4 }]);
    const { out } = await convert(['--to', 'jsonl', '--fields', 'mood', '--confidence', 'sure:5'], rows);
    expect(JSON.parse(out)).toMatchObject({ field: 'mood', label: 'bad', confidence_score: 0.8 });
    const named = await convert(['--to', 'jsonl', '--annotator', 'ann'], '{"text":"a","label":["b"]}');
    expect(JSON.parse(named.out)).toMatchObject({ annotator_id: 'ann' });
    const shown = await convert(['--to', 'label-studio', '--confidence-control', 'sure'], out);
    expect(shown.out).toContain('"from_name": "sure"');
  });

  it.each([
    ['no target', []],
    ['an unknown format', ['--to', 'excel']],
    ['an unknown option', ['--to', 'csv', '--frm', 'csv']],
    ['a stray word', ['--to', 'csv', 'file.csv']],
    ['a confidence without a scale', ['--to', 'csv', '--confidence', 'sure:none']],
    ['another first row', ['--to', 'csv', '--first-row', '2']],
    ['another ground truth', ['--to', 'csv', '--ground-truth', 'maybe']],
    ['a format that is not certain', ['--to', 'csv']],
  ])('refuses %s with the usage and code 2', async (_, args) => {
    const { code, err } = await convert(args, 'a,b\n1,2\n');
    expect(code).toBe(2);
    expect(err).toContain('usage: assay convert');
  });

  it('says what is wrong with an unusable input, with code 1', async () => {
    writeFileSync(join(folder, 'bad.json'), '{"rows":[{"row":0}]}');
    const cases: [string[], string | Uint8Array][] = [
      [['--from', 'label-studio', '--to', 'csv'], '[{"data":'],
      [['--from', 'argilla', '--to', 'csv'], '{"a":1}'],
      [['--from', 'doccano', '--to', 'csv'], 'no json\n'],
      [['--from', 'csv', '--to', 'jsonl'], ''],
      [['--from', 'csv', '--to', 'jsonl'], gzipSync('text,label\na,b\n').subarray(0, 20)],
      [['--from', 'csv', '--to', 'jsonl'], Buffer.from([0xff, 0xfe, 0x00, 0xd8])],
      [['--from', 'csv', '--to', 'jsonl', '--in', join(folder, 'nobody.csv')], ''],
      [['--from', 'azure-ml', '--to', 'csv', '--in', exported, '--manifests', join(folder, 'bad.json')], ''],
    ];
    for (const [args, input] of cases) {
      const { code, err, out } = await convert(args, input);
      expect([args, code, out]).toEqual([args, 1, '']);
      expect(err).toMatch(/^assay convert: .+\n$/);
    }
  });
});
