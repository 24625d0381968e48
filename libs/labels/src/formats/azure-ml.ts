import { columnOf } from '../columns.ts';
import type { Label, LabelValue } from '../label.ts';
import { DEFAULT_FIELD } from '../label.ts';
import { documentOf, fieldsOf } from './document-fields.ts';
import type { Json } from './json-input.ts';
import { textOf, without } from './json-input.ts';
import { partsOf } from './label-collector.ts';
import type { LabelCollector, ShownLabel } from './label-collector.ts';
import type { LabelFormat, ReadSettings } from './label-format.ts';
import type { RecordFormat } from './line-codec.ts';
import { linesFormat, tableFormat } from './line-codec.ts';
import { ASIDE } from './loss.ts';
import { RowRecovery } from './row-recovery.ts';

// Exports of Azure ML data labeling, retired on 30 September 2026. Neither annotators nor the columns of the source
// survive in them: the document is found again through the manifests (row-recovery.ts).

const TOOL = 'azure-ml';
/** The export's name for the item; kept among the document's own fields, so that a person sees it. */
const URL_FIELD = 'image_url';
const OWN = [URL_FIELD, 'label', 'label_confidence', ASIDE];

const reasons = {
  label: 'Azure ML has choices only',
  docId: 'Azure ML knows its row number only; the manifests lead back',
  text: 'Azure ML leaves the text in its own file',
  annotator: 'Azure ML does not say who labelled',
  field: 'an Azure ML project asks one question',
  value: 'an Azure ML label is a choice',
  confidence: 'one confidence per choice',
  annotatedAt: 'Azure ML does not say when',
  extra: 'Azure ML exports the item, its labels and their confidence',
};

function readerOf(records: readonly Json[], { manifests, firstRow }: ReadSettings, into: LabelCollector) {
  const items = records.map((record) => ({
    url: textOf(record[URL_FIELD]),
    text: documentOf(without(record, OWN)).text,
  }));
  const recovery = new RowRecovery(manifests ?? [], items, firstRow);
  if (manifests !== undefined && recovery.isFirstRowAssumed) {
    into.lossOfFile('row', 'rows are counted from 0, as in the manifests; no text confirms it');
  }
  return (record: Json): void => {
    const value = labelValue(record['label']);
    if (value === null) return into.notVote('unlabelled');
    const document = documentOf(without(record, OWN));
    const url = textOf(record[URL_FIELD]);
    const found = document.docId === null ? recovery.recover({ url, text: document.text }) : null;
    if (found?.docId === null && manifests !== undefined) into.loss('docId', found.why);
    if (found !== null && found.docId !== null && found.note !== null) into.loss('row', found.note);
    const shown: ShownLabel = {
      docId: found?.docId ?? document.docId,
      text: found !== null && found.docId !== null ? found.text : document.text,
      annotator: null,
      field: DEFAULT_FIELD,
      value,
      ...confidencesOf(record['label_confidence']),
      annotatedAt: null,
      origin: { tool: TOOL, id: null, version: null },
      extra: { ...document.fields, ...(url === null ? {} : { [URL_FIELD]: url }) },
    };
    into.vote(shown, record[ASIDE]);
  };
}

function labelValue(label: unknown): LabelValue | null {
  if (!Array.isArray(label)) {
    const choice = textOf(label);
    return choice === null || choice.trim() === '' ? null : { kind: 'choice', choice };
  }
  const choices = label.flatMap((each) => textOf(each) ?? []);
  return choices.some((choice) => choice.trim() !== '') ? { kind: 'choices', choices } : null;
}

function confidencesOf(said: unknown): Pick<ShownLabel, 'confidence' | 'partConfidences'> {
  return Array.isArray(said) ? partsOf(said) : { confidence: said, partConfidences: null };
}

function recordOf(label: Label): Json | undefined {
  const { value, confidence, partConfidences } = label;
  if (value.kind === 'spans') return undefined;
  const url = textOf(label.extra[URL_FIELD]);
  const sure = partConfidences !== null && partConfidences.length > 0 ? partConfidences : confidence;
  return {
    image_url: url ?? `AmlDatastore://assay/${encodeURIComponent(label.docId ?? 'unknown')}.txt`,
    label: labelContent(value, sure !== null && sure === partConfidences),
    ...(sure === null ? {} : { label_confidence: sure }),
  };
}

/** A confidence for each part means that the project takes several labels: then one alone is a list too. */
function labelContent(value: Exclude<LabelValue, { kind: 'spans' }>, hasParts: boolean): string | readonly string[] {
  if (value.kind === 'choices') return value.choices;
  return hasParts ? [choiceText(value)] : choiceText(value);
}

function choiceText(value: Exclude<LabelValue, { kind: 'choices' | 'spans' }>): string {
  switch (value.kind) {
    case 'choice':
      return value.choice;
    case 'rating':
      return String(value.rating);
    case 'text':
      return value.text;
  }
}

const lines: RecordFormat = {
  name: 'azure-ml',
  summary: 'Azure ML data labeling export: labeledDatapoints_*.jsonl',
  reasons,
  reader: readerOf,
  encode: recordOf,
};

/** The CSV's header for text projects was never documented: `Url,Label,LabelConfidence` with any columns beside. */
const table: RecordFormat = {
  name: 'azure-ml-csv',
  summary: 'Azure ML data labeling export: CSV',
  reasons,
  reader(records, settings, into) {
    const read = readerOf(records.map(lineOf), settings, into);
    return (record) => read(lineOf(record));
  },
  encode(label) {
    const record = recordOf(label);
    const number = textOf(record?.['label_confidence']);
    return record === undefined || Array.isArray(record['label'])
      ? undefined
      : {
          ...fieldsOf(label, Object.keys(label.extra).filter(isTaken)),
          Url: record['image_url'],
          Label: record['label'],
          LabelConfidence: number ?? '',
        };
  },
};

/** A row of the CSV in the shape of a line. */
function lineOf(record: Json): Json {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [lineName(name), value]));
}

function lineName(name: string): string {
  const folded = name.toLowerCase().replace(/[\s_]+/g, '');
  if (folded === 'url' || folded === 'imageurl') return URL_FIELD;
  const column = columnOf(name);
  if (column === 'label') return 'label';
  return column === 'confidence_score' ? 'label_confidence' : name;
}

/** A column that would be read as one of the export's own. */
function isTaken(name: string): boolean {
  return OWN.includes(lineName(name));
}

export const azureMlLines: LabelFormat = linesFormat(lines);
export const azureMlCsv: LabelFormat = tableFormat(table, ['Url', 'Label', 'LabelConfidence']);
