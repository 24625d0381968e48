// What a real server exported goes through every other format and comes back as it was.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { argillaRecords } from './argilla-records.ts';
import { azureMlLines } from './azure-ml.ts';
import { labelFormats } from './format-registry.ts';
import type { LabelFormat } from './label-format.ts';
import { labelStudioJson } from './label-studio-json.ts';

const file = (name: string) => readFileSync(new URL(`../../testdata/formats/${name}`, import.meta.url), 'utf8');
const bodyOf = (name: string) =>
  JSON.stringify((JSON.parse(file(name)) as { response: { body: unknown } }).response.body);

const sources: [string, LabelFormat, string][] = [
  ['Label Studio', labelStudioJson, bodyOf('label-studio/export-json.json')],
  ['a Label Studio snapshot', labelStudioJson, bodyOf('label-studio/snapshot-download-json.json')],
  ['Argilla', argillaRecords, bodyOf('argilla/search-all.json')],
  ['Azure ML', azureMlLines, file('azure-ml/labeledDatapoints_1.jsonl')],
  ['Azure ML with several labels', azureMlLines, file('azure-ml/labeledDatapoints_multi.jsonl')],
];

// CoNLL is for spans and has no place for anything else.
const others = labelFormats.filter(({ name }) => name !== 'azure-ml-conll');

describe.each(sources)('from %s', (_, format, content) => {
  const read = format.read(content, { path: 'export', groundTruth: 'vote' });
  // A row of its own for each label, so that a loss names one.
  const labels = read.labels.map((label, at) => ({ ...label, origin: { ...label.origin, row: at } }));
  const whole = format.write(labels);

  it('the file itself is whole', () => {
    expect(labels.length).toBeGreaterThan(0);
    expect(whole).toMatchObject({ losses: [], written: labels.length });
  });

  it.each(others.map((other) => [other.name, other] as const))('through %s and back', (name, other) => {
    const there = other.write(labels);
    // What Azure ML exports names neither document nor text, and nothing is left of it in label files of ours.
    const back =
      there.written === 0
        ? format.read('', { path: '' })
        : other.read(there.content, { path: name, groundTruth: 'vote' });
    // Argilla takes one answer of a user to a question, a cell of Azure ML's CSV one label; both say what they drop.
    const dropped = there.losses.filter(({ what }) => what === 'label').length;
    expect(there.losses.filter(({ what, isKept }) => !isKept && what !== 'label')).toEqual([]);
    expect(back.losses).toEqual([]);
    const kept = labels.filter(
      ({ origin }) => !there.losses.some(({ what, where }) => what === 'label' && where === `export#${origin.row}`),
    );
    expect(kept).toHaveLength(labels.length - dropped);
    expect(format.write(back.labels).content).toBe(format.write(kept).content);
  });
});
