import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inTemporaryFolder, validateFiles, validateFolder, writeFiles } from './testing/validate-files.ts';

const H = 'doc_id,text,annotator_id,label,confidence_score,annotated_at';
const csv = (...rows: readonly string[]) => [H, ...rows, ''].join('\n');

describe('assay validate, results', () => {
  it('finds the dissent that comes in a later file', async () => {
    const { disagreements, gold, log } = await validateFiles({
      '2026/11/20/a.csv': csv('d1,My invoice,1,billing,0.95,', 'd2,fine,1,bug,0.9,'),
      '2026/11/21/b.csv': csv('d1,My invoice,2,bug,0.6,'),
    });
    expect(gold).toEqual([
      {
        v: 1,
        op: 'add',
        doc_id: 'd2',
        version: 1,
        text: 'fine',
        label: 'bug',
        confidence_score: 0.9,
        annotators: ['1'],
      },
    ]);
    expect(disagreements).toEqual([
      {
        doc_id: 'd1',
        text: 'My invoice',
        labels: ['billing', 'bug'],
        votes: [
          { annotator_id: '1', label: 'billing', confidence_score: 0.95, row: '2026/11/20/a.csv#1' },
          { annotator_id: '2', label: 'bug', confidence_score: 0.6, row: '2026/11/21/b.csv#1' },
        ],
      },
    ]);
    expect(log).toBe('My invoice | billing,bug | 2\n');
  });

  it('counts the same file under two dates once', async () => {
    const content = csv('d1,t,1,a,0.9,', 'd1,t,2,a,0.9,');
    const { report } = await validateFiles({ '2026/11/20/a.csv': content, '2026/11/21/a.csv': content });
    expect(report.by_file).toEqual({
      '2026/11/20/a.csv': { rows: 2, live: 2, superseded: 0, duplicate: 0, rejected: 0 },
      '2026/11/21/a.csv': { rows: 2, live: 0, superseded: 0, duplicate: 2, rejected: 0 },
    });
  });

  it('reads files in byte order of their paths: the later one counts', async () => {
    const { gold } = await validateFiles({ 'a/z.csv': csv('d1,t,1,late,0.9,'), 'a.csv': csv('d1,t,1,early,0.9,') });
    expect(gold).toMatchObject([{ label: 'late' }]);
  });

  it('names a document by its text where it has no id, and shows the text as it was written', async () => {
    const { gold } = await validateFiles({ 'a.csv': csv(',"  My \n invoice",1,a,0.9,') });
    expect(gold).toMatchObject([{ doc_id: expect.stringMatching(/^text:[0-9a-f]{32}$/), text: '  My \n invoice' }]);
  });

  it('shows the text of the newest vote, or none', async () => {
    const { gold } = await validateFiles({
      'a.csv': csv('d1,new,1,a,0.9,2026-11-22', 'd1,old,2,a,0.9,2026-11-21', 'd1,,3,a,0.9,2026-11-23', 'd2,,1,a,0.9,'),
    });
    expect(gold).toMatchObject([
      { doc_id: 'd1', text: 'new' },
      { doc_id: 'd2', text: null },
    ]);
  });

  it('gives gold the smallest confidence that reached the threshold, and who cast those votes', async () => {
    const rows = ['d1,t,zoe,a,0.95,', 'd1,t,ann,a,0.85,', 'd1,t,bob,a,0.2,', 'd1,t,,a,0.9,'];
    const { gold } = await validateFiles({ 'a.csv': csv(...rows) });
    expect(gold).toMatchObject([{ confidence_score: 0.85, annotators: ['ann', 'zoe'] }]);
  });

  it('writes several fields as labels', async () => {
    const content =
      'doc_id,field,label,annotator,score\nd1,topic,"[""b"",""a""]",1,0.9\nd1,urgency,high,2,0.8\nd2,topic,a,1,0.1\n';
    const { gold, lowConfidence } = await validateFiles({ 'a.csv': content });
    expect(gold).toMatchObject([
      { labels: { topic: ['a', 'b'], urgency: 'high' }, confidence_score: 0.8, annotators: ['1', '2'] },
    ]);
    expect(lowConfidence).toMatchObject([{ doc_id: 'd2', labels: ['a'] }]);
  });

  it('lists documents that wait for more annotators', async () => {
    const { pending, report } = await validateFiles({ 'a.csv': csv('d1,t,1,a,0.9,') }, ['--min-annotators', '2']);
    expect(report.decisions).toEqual({ gold: 0, disagreement: 0, low_confidence: 0, pending: 1 });
    expect(pending).toMatchObject([{ doc_id: 'd1', labels: ['a'] }]);
  });

  it('keeps the rejected rows with their names and as they stood', async () => {
    const { rejected } = await validateFiles({
      'a.csv': csv('d1,t,1,,0.9,', 'd2,t,1,a,95%,', 'd3'),
      'b.jsonl': '{"x":1}\noops\n',
    });
    expect(rejected).toEqual([
      {
        row: 'a.csv#1',
        reason: 'missing_label',
        record: { doc_id: 'd1', text: 't', annotator_id: '1', label: '', confidence_score: '0.9', annotated_at: '' },
      },
      {
        row: 'a.csv#2',
        reason: 'confidence_not_a_number',
        record: expect.objectContaining({ confidence_score: '95%' }),
      },
      { row: 'a.csv#3', reason: 'malformed_row', record: ['d3'] },
      { row: 'b.jsonl#1', reason: 'missing_text', record: { x: 1 } },
      { row: 'b.jsonl#2', reason: 'malformed_row', record: 'oops' },
    ]);
  });

  it('takes back everything a bad file brought', async () => {
    const { report, gold, rejected } = await validateFiles({
      'a.csv': csv('d1,t,1,a,0.9,'),
      'b.csv': csv('d1,t,2,b,0.9,', 'd9,t,1,,0.9,', '"never closed'),
      'c.csv': csv('d1,t,2,a,0.9,', 'd2,new,1,a,0.9,'),
    });
    expect(report).toMatchObject({
      rows: 3,
      rejected: 0,
      rows_of_rejected_files: 2,
      rejected_files: { 'b.csv': 'unterminated_quote' },
    });
    expect(gold).toMatchObject([
      { doc_id: 'd1', annotators: ['1', '2'] },
      { doc_id: 'd2', text: 'new' },
    ]);
    expect(rejected).toEqual([]);
  });

  it('says how the confidence column was read', async () => {
    const files = { 'a.csv': 'text;label;score\nx;a;0,95\ny;b;\n' };
    const { report } = await validateFiles(files, ['--decimal-comma', '--missing-confidence', '0.5']);
    expect(report.decisions).toMatchObject({ gold: 1, low_confidence: 1 });
    expect(report.rules).toMatchObject({ decimal_comma: true, missing_confidence: 0.5 });
  });

  it('reads the export of a tool, and says what in it is no vote', async () => {
    const region = (name: string, type: string, value: object) => ({ from_name: name, to_name: 'text', type, value });
    const annotation = (id: number, more: object, ...result: object[]) => ({ id, completed_by: id, ...more, result });
    const bug = region('label', 'choices', { choices: ['bug'] });
    const stars = (rating: number) => region('sure', 'rating', { rating });
    const annotations = [
      annotation(1, {}, bug, stars(4)),
      annotation(2, { was_cancelled: true }),
      annotation(3, {}, bug, stars(6)),
      annotation(4, {}, bug),
    ];
    const files = { 'tasks.json': JSON.stringify([{ id: 9, data: { doc_id: 'd1', text: 'x' }, annotations }]) };
    const { report, gold, rejected } = await validateFiles(files, ['--confidence', 'sure:5']);
    expect(gold).toMatchObject([{ doc_id: 'd1', confidence_score: 0.8, annotators: ['1'] }]);
    expect(rejected).toMatchObject([
      { row: 'tasks.json#2', reason: 'confidence_out_of_range', record: { tool: 'label-studio', annotation_id: '3' } },
      { row: 'tasks.json#3', reason: 'confidence_missing', record: { annotation_id: '4' } },
    ]);
    expect(report).toMatchObject({
      rows: 3,
      live: 1,
      rejected: 2,
      rules: { confidence_control: { name: 'sure', scale: 5 } },
      notes: {
        'tasks.json': [
          { code: 'tool_export', format: 'label-studio' },
          { code: 'not_a_vote', reason: 'skipped', count: 1 },
        ],
      },
    });
  });

  it('measures agreement by field, and says what it cannot tell', async () => {
    const rows = ['d1,t,x,a,1,', 'd1,t,y,a,1,', 'd2,t,x,a,1,', 'd2,t,y,b,1,', 'd3,t,x,b,1,', 'd3,t,y,b,1,'];
    const two = await validateFiles({ 'a.csv': csv(...rows) });
    expect(two.report.agreement).toMatchObject({
      label: {
        kappa: { coefficient: 'cohen_kappa', value: expect.closeTo(0.4, 12) },
        shared_items: 3,
        cohen_pairwise: [{ pair: ['x', 'y'] }],
      },
    });
    const alone = await validateFiles({ 'a.csv': csv('d1,t,x,a,1,') });
    expect(alone.report.agreement).toMatchObject({
      label: {
        kappa: { coefficient: 'krippendorff_alpha', value: null },
        krippendorff_nominal: { reason: 'not enough overlap' },
      },
    });
  });

  it('measures a crowd on one document without comparing every two of it', async () => {
    const crowd = Array.from({ length: 5000 }, (_, at) => `d1,t,worker ${at},${at % 2},1,`);
    const { report } = await validateFiles({ 'a.csv': csv(...crowd) });
    expect(report.agreement).toMatchObject({ label: { documents_without_pairs: 1, raters: 5000, shared_items: 1 } });
  });

  it('shows names from files as text on the page', async () => {
    const { html } = await validateFiles({
      '<script>.csv': csv('d1,t,<b>,"<img src=x onerror=alert(1)>",1,', 'd1,t,2,b,1,', 'd2,t,1,,,'),
    });
    expect(html).toContain('&lt;img src=x onerror');
    expect(html).not.toMatch(/<(img|script|b)\b/);
    expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
  });
});

describe('assay validate, rules: original', () => {
  const files = {
    'a.csv': csv('d1,weak,1,billing,0.95,', 'd1,weak,2,bug,0.6,', 'd2,same,1,a,0.9,', 'd3,same,2,b,0.9,'),
    'b.csv': csv('d2,same ,1,a,0.9,', 'd4,,1,a,0.9,', 'd5,faint,1,a,0.3,', 'd6,twice,1,a,1,', 'd6,twice,1,a,1,'),
  };

  it('filters first, groups by exact text and keeps a line for each row', async () => {
    const { report, gold, disagreements, lowConfidence, rejected, log } = await validateFiles(files, [
      '--rules',
      'original',
    ]);
    const clean = (text: string, annotator: string, label: string, confidence: number) => ({
      text,
      annotator_id: annotator,
      label,
      confidence_score: confidence,
    });
    expect(gold).toEqual([
      clean('weak', '1', 'billing', 0.95),
      clean('same ', '1', 'a', 0.9),
      clean('twice', '1', 'a', 1),
      clean('twice', '1', 'a', 1),
    ]);
    expect(disagreements).toMatchObject([{ text: 'same', labels: ['a', 'b'] }]);
    expect(log).toBe('same | a,b | 2\n');
    expect(lowConfidence).toMatchObject([{ text: 'faint' }]);
    expect(rejected).toMatchObject([{ row: 'b.csv#2', reason: 'missing_text' }]);
    expect(report).toMatchObject({
      rows: 9,
      live: 8,
      rejected: 1,
      agreement: {},
      decisions: { gold: 3, disagreement: 1, low_confidence: 1, pending: 0 },
      original: { clean_rows: 4, rows_below_threshold: 2 },
    });
  });
});

describe('assay validate, files and folders', () => {
  it('gives the same bytes for the same input', async () => {
    await inTemporaryFolder(async (folder) => {
      writeFiles(join(folder, 'in'), { 'a.csv': csv('d1,t,1,a,0.9,', 'd2,u,1,b,0.1,', 'd3,v,1,b,,', 'd2,u,2,a,1,') });
      const { names } = await validateFolder(join(folder, 'in'), join(folder, 'one'));
      await validateFolder(join(folder, 'in'), join(folder, 'two'));
      for (const name of names) {
        expect(readFileSync(join(folder, 'two', name)).equals(readFileSync(join(folder, 'one', name)))).toBe(true);
      }
    });
  });

  it('replaces the results of an earlier run and leaves nothing else behind', async () => {
    await inTemporaryFolder(async (folder) => {
      const [input, out] = [join(folder, 'in'), join(folder, 'out')];
      writeFiles(input, { 'a.csv': csv('d1,t,1,a,0.9,') });
      mkdirSync(join(out, '.assay-validate-2147483646'), { recursive: true });
      await validateFolder(input, out, ['--min-annotators', '2']);
      const { names, gold } = await validateFolder(input, out);
      expect(gold).toHaveLength(1);
      expect(names).toEqual([
        // Its process may still be running, as far as this run is told.
        '.assay-validate-2147483646',
        'clean_training_dataset.jsonl',
        'disagreements.jsonl',
        'disagreements.log',
        'low_confidence.jsonl',
        'rejected.jsonl',
        'report.html',
        'report.json',
      ]);
    });
  });

  it('rejects what cannot be opened, follows links, and does not run in circles', async () => {
    await inTemporaryFolder(async (folder) => {
      const input = join(folder, 'in');
      writeFiles(input, { 'a.csv': csv('d1,t,1,a,0.9,') });
      writeFiles(join(folder, 'elsewhere'), { 'b.csv': csv('d2,t,1,a,0.9,') });
      symlinkSync(join(folder, 'elsewhere'), join(input, 'linked'));
      symlinkSync(join(folder, 'gone.csv'), join(input, 'dangling.csv'));
      symlinkSync(input, join(input, 'circle'));
      const { report } = await validateFolder(input, join(folder, 'out'));
      expect(Object.keys(report.by_file)).toEqual(['a.csv', 'linked/b.csv']);
      expect(report.rejected_files).toEqual({ 'dangling.csv': 'undecodable' });
      expect(report.rejected_file_details['dangling.csv']).toMatch(/ENOENT/);
    });
  });

  it('passes over what is no label file by its name, and counts it', async () => {
    const label = csv('d1,t,1,a,0.9,');
    const { report, html } = await validateFiles({
      'a.csv': label,
      _SUCCESS: '',
      '.a.csv.crc': 'crc',
      'day/b.csv.tmp': csv('d1,t,2,b,0.9,'),
      'day/c.parquet.inprogress': 'PAR1',
      'day/d.csv.partial': 'doc_id,te',
      '_day/e.csv': label,
    });
    expect(report).toMatchObject({ files: { read: 2, rejected: 0, passed_over: 5 }, rejected_files: {} });
    expect(report.decisions).toMatchObject({ gold: 1, disagreement: 0 });
    expect(html).toContain('5 files passed over');
  });

  it('says when there is nothing else', async () => {
    await expect(validateFiles({ _SUCCESS: '', 'a.csv.tmp': '' })).rejects.toThrow(/2 are passed over by their names/);
  });

  it('leaves the earlier results alone when a run fails', async () => {
    await inTemporaryFolder(async (folder) => {
      const [input, out] = [join(folder, 'in'), join(folder, 'out')];
      writeFiles(input, { 'a.csv': csv('d1,t,1,a,0.9,') });
      await validateFolder(input, out);
      const before = readFileSync(join(out, 'report.json'));
      mkdirSync(join(folder, 'empty'));
      await expect(validateFolder(join(folder, 'empty'), out)).rejects.toThrow('there are no files');
      writeFileSync(join(folder, 'file'), '');
      await expect(validateFolder(input, join(folder, 'file'))).rejects.toThrow('is a file');
      expect(readFileSync(join(out, 'report.json')).equals(before)).toBe(true);
      expect(readdirSync(out).filter((name) => name.startsWith('.'))).toEqual([]);
    });
  });

  it.each([
    ['the input folder', 'in'],
    ['a folder inside', 'in/out/deep'],
    ['a link to inside', 'link/out'],
  ])('refuses %s as its output', async (_case, out) => {
    await inTemporaryFolder(async (folder) => {
      const input = join(folder, 'in');
      writeFiles(input, { 'a.csv': csv('d1,t,1,a,0.9,') });
      symlinkSync(input, join(folder, 'link'));
      await expect(validateFolder(input, join(folder, out))).rejects.toThrow('lies inside the input folder');
      expect(readdirSync(input)).toEqual(['a.csv']);
    });
  });

  it('refuses to overwrite an input file', async () => {
    await inTemporaryFolder(async (folder) => {
      writeFiles(folder, { 'rejected.jsonl': '{"text":"t","label":"a","score":1}\n' });
      await expect(validateFolder(join(folder, 'rejected.jsonl'), folder)).rejects.toThrow('would overwrite');
    });
  });
});
