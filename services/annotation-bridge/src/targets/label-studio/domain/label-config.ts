import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** Something in the label config of a project with which labelling would go wrong, and what mends it. */
export interface ConfigFault {
  readonly what: string;
  readonly fix: string;
}

interface Tag {
  /** As it is written. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Tags that show something of a task, and may be named by `toName`. Names count in any case. */
const SHOWING = tagNames(
  'Audio AudioPlus Chat HyperText Image List Paragraphs Pdf ReactCode Table Text TimeSeries Video',
);

/** Controls whose answers are labels of ours (libs/labels, label-studio-result). */
const READABLE = tagNames('Choices HyperTextLabels Labels Number Pairwise Rating Taxonomy TextArea');

/** Other controls: they may stand there, and what is answered with them is rejected row by row when it comes back. */
const OTHER_CONTROLS = tagNames(
  `Bitmask BitmaskLabels Brush BrushLabels ChatMessage DateTime Ellipse EllipseLabels KeyPoint KeyPointLabels MagicWand
   OcrLabels ParagraphLabels Polygon PolygonLabels Ranker Rectangle RectangleLabels TimelineLabels TimeSeriesLabels Vector
   VectorLabels VideoRectangle VideoVector VideoVectorLabels`,
);

/** Neither shown nor answered. */
const LAYOUT = tagNames(
  `Bucket Channel Choice Collapse Filter Header HumanSignal Hotkey Item Label Markdown MultiChannel Panel Relation Relations
   Shortcut Style View`,
);

const CONTROLS: ReadonlySet<string> = new Set([...READABLE, ...OTHER_CONTROLS]);
const KNOWN: ReadonlySet<string> = new Set([...CONTROLS, ...SHOWING, ...LAYOUT]);

/** `$text` in an attribute stands for a key of the task's data; `$meta.page` for one inside of it. */
const VARIABLE = /^\$([\p{L}\p{N}_-]+)/u;

/**
 * What Label Studio itself does not tell: it takes unknown tags, and refuses a whole import when a task lacks a `$variable`.
 * `dataKeys` are those of every task we send.
 */
export function labelConfigFaults(config: string, dataKeys: readonly string[]): readonly ConfigFault[] {
  if (config.trim() === '' || XMLValidator.validate(config) !== true)
    return [{ what: 'the label config is no XML', fix: 'write it again under Settings, Labeling Interface.' }];
  const tags = tagsIn(parser.parse(config));
  const shown = new Set(tags.filter((tag) => isOf(SHOWING, tag)).map(({ attributes }) => attributes['name']));
  const faults = tags.flatMap((tag) => [
    ...unknownTag(tag),
    ...targetOf(tag, shown),
    ...missingVariables(tag, dataKeys),
  ]);
  return [...faults, ...doubleNames(tags), ...nothingToSay(tags)];
}

const isOf = (names: ReadonlySet<string>, { name }: Tag): boolean => names.has(name.toLowerCase());

function tagNames(names: string): ReadonlySet<string> {
  return new Set(names.toLowerCase().split(/\s+/));
}

const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '' });

/** The parser's tree as a list: `[{Tag: children, ':@': attributes}]`. */
function tagsIn(nodes: unknown): readonly Tag[] {
  if (!Array.isArray(nodes)) return [];
  return (nodes as readonly Record<string, unknown>[]).flatMap(({ ':@': attributes = {}, ...element }) =>
    Object.entries(element)
      .filter(([name]) => !name.startsWith('#') && !name.startsWith('?'))
      .flatMap(([name, children]) => [{ name, attributes: attributes as Tag['attributes'] }, ...tagsIn(children)]),
  );
}

function unknownTag(tag: Tag): readonly ConfigFault[] {
  if (isOf(KNOWN, tag)) return [];
  const { name } = tag;
  const fix = name.startsWith('Checkbox') ? 'use <Choices choice="multiple">.' : 'take it out, or mend its spelling.';
  return [{ what: `<${name}> is no tag of Label Studio, and annotators would not see it`, fix }];
}

function targetOf(tag: Tag, shown: ReadonlySet<string | undefined>): readonly ConfigFault[] {
  if (!isOf(CONTROLS, tag)) return [];
  const { name, attributes } = tag;
  const targets = (attributes['toName'] ?? '').split(',').map((one) => one.trim());
  if (attributes['name'] === undefined)
    return [{ what: `a <${name}> has no name`, fix: 'name it: its name is the field of its labels.' }];
  if (targets.every((target) => shown.has(target))) return [];
  return [
    {
      what: `toName="${attributes['toName'] ?? ''}" of <${name} name="${attributes['name']}"> names nothing that is shown`,
      fix: `let it name one of: ${[...shown].join(', ')}.`,
    },
  ];
}

function missingVariables({ name, attributes }: Tag, dataKeys: readonly string[]): readonly ConfigFault[] {
  return Object.values(attributes).flatMap((value) => {
    const variable = VARIABLE.exec(value)?.[1];
    if (variable === undefined || dataKeys.includes(variable)) return [];
    const fix = `add it to LABEL_STUDIO_FIELDS, or use one of: ${dataKeys.map((key) => `$${key}`).join(', ')}.`;
    return [{ what: `<${name}> shows $${variable}, which no task of ours has`, fix }];
  });
}

function doubleNames(tags: readonly Tag[]): readonly ConfigFault[] {
  const names = tags.filter((tag) => isOf(CONTROLS, tag)).flatMap(({ attributes }) => attributes['name'] ?? []);
  const double = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...double].map((name) => ({
    what: `two controls are called ${name}`,
    fix: 'give one of them another name: it is the field of its labels.',
  }));
}

function nothingToSay(tags: readonly Tag[]): readonly ConfigFault[] {
  const fix = 'add one of: <Choices>, <Labels>, <Rating>, <Number>, <TextArea>, <Taxonomy>.';
  return tags.some((tag) => isOf(READABLE, tag)) ? [] : [{ what: 'no control gives labels', fix }];
}
