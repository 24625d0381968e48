import { textKey } from '../document-key.ts';
import { parseLabelCell } from '../label-cell.ts';
import { DEFAULT_FIELD, isBlankLabel, labelText } from '../label.ts';
import { fieldsOf } from './document-fields.ts';
import { textOf, without } from './json-input.ts';
import type { LabelFormat } from './label-format.ts';
import { tableFormat } from './line-codec.ts';
import { ASIDE } from './loss.ts';

const COLUMNS = ['task', 'worker', 'label'];

/** The frame that crowd-kit's aggregators take. Its task is our document: its doc_id, else the key of its text. */
export const crowdKit: LabelFormat = tableFormat(
  {
    name: 'crowd-kit',
    summary: 'crowd-kit CSV: task, worker, label',
    reasons: {
      label: 'an empty list means that nothing was labelled',

      docId: 'the task is the key of the text',
      text: 'crowd-kit knows the task only',
      annotator: 'crowd-kit needs a worker: all anonymous votes are one to it',
      field: 'a crowd-kit frame holds one question',
      value: 'crowd-kit compares labels as text',
      confidence: 'crowd-kit finds out how good a worker is',
      partConfidences: 'crowd-kit finds out how good a worker is',
      annotatedAt: 'crowd-kit does not ask when',
      extra: 'the name is taken, or cells cannot hold it',
    },
    reader: (_records, _settings, into) => (json) => {
      const value = parseLabelCell(textOf(json['label']) ?? '');
      if (isBlankLabel(value)) return into.notVote('unlabelled');
      into.vote(
        {
          docId: textOf(json['task']),
          text: null,
          annotator: textOf(json['worker']),
          field: DEFAULT_FIELD,
          value,
          confidence: null,
          partConfidences: null,
          annotatedAt: null,
          origin: { tool: 'crowd-kit', id: null, version: null },
          extra: without(json, [...COLUMNS, ASIDE]),
        },
        json[ASIDE],
      );
    },
    encode(label, _labels, index) {
      const { docId, text, annotator, value } = label;
      if (isBlankLabel(parseLabelCell(labelText(value)))) return undefined;
      const task = docId ?? (text === null ? `row:${index + 1}` : textKey(text));
      return { ...fieldsOf(label, [...COLUMNS, ASIDE]), task, worker: annotator, label: labelText(value) };
    },
  },
  COLUMNS,
);
