import type { Label, Span } from '../label.ts';
import { DEFAULT_FIELD } from '../label.ts';
import { LabelCollector } from './label-collector.ts';
import type { LabelFormat, ReadResult, ReadSettings } from './label-format.ts';
import { UnreadableContent } from './unreadable-content.ts';
import type { RowManifest } from './row-manifest.ts';
import type { Codec } from './verified-write.ts';
import { verified } from './verified-write.ts';

// CoNLL: a token, a space and its tag on a line, a blank line between items. It names no document and has lost the
// spaces between tokens; both come back when a manifest with texts is at hand.

interface Token {
  readonly text: string;
  readonly tag: string;
}

const LETTERS = /[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu;

function readItems(content: string, settings: ReadSettings): ReadResult {
  const collector = new LabelCollector(settings.path);
  const texts = textsByLetters(settings.manifests ?? []);
  for (const tokens of itemsIn(content)) {
    const letters = tokens.map(({ text }) => text).join('');
    const documents = texts.get(letters) ?? [];
    const [document] = documents.length === 1 ? documents : [];
    if (document === undefined && settings.manifests !== undefined) {
      const why =
        documents.length === 0 ? 'no text of the manifests has these tokens' : 'several texts have these tokens';
      collector.loss('docId', why);
    }
    const text = document?.text ?? tokens.map((token) => token.text).join(' ');
    collector.vote({
      docId: document?.docId ?? null,
      text,
      annotator: null,
      field: DEFAULT_FIELD,
      value: { kind: 'spans', spans: spansOf(tokens, text) },
      confidence: null,
      partConfidences: null,
      annotatedAt: null,
      origin: { tool: 'azure-ml', id: null, version: null },
      extra: {},
    });
  }
  return collector.result();
}

function itemsIn(content: string): Token[][] {
  const blocks = content.split(/(?:\r?\n[ \t]*){2,}/).map((block) => block.split(/\r?\n/));
  const items = blocks.map((lines) => lines.filter((line) => !line.startsWith('-DOCSTART-')).flatMap(tokenOf));
  const found = items.filter((tokens) => tokens.length > 0);
  if (found.length === 0 && content.trim() !== '')
    throw new UnreadableContent('undecodable', 'no line is a token and its tag');
  return found;
}

/** The tag is what follows the last white space; columns between (part of speech) are passed over. */
function tokenOf(line: string): Token[] {
  const [text, ...columns] = line.trimEnd().split(/[ \t]+/);
  const tag = columns.at(-1);
  return text === undefined || text === '' || tag === undefined ? [] : [{ text, tag }];
}

/** Tokens are found in the text one after the other, so the spans get the true offsets. */
function spansOf(tokens: readonly Token[], text: string): Span[] {
  const spans: Span[] = [];
  let at = 0;
  let previous = 'O';
  for (const { text: token, tag } of tokens) {
    const start = text.indexOf(token, at);
    at = start + token.length;
    const open = spans.at(-1);
    if (open !== undefined && continues(previous, tag)) spans[spans.length - 1] = { ...open, end: at };
    else if (tag !== 'O') spans.push({ start, end: at, label: labelOf(tag) });
    previous = tag;
  }
  return spans;
}

/** B begins a span, I goes on with it; a tag without either goes on as long as it stays the same. */
function continues(previous: string, tag: string): boolean {
  return !/^B(-|$)/.test(tag) && tag !== 'O' && previous !== 'O' && labelOf(previous) === labelOf(tag);
}

/** `B-ORG` → ORG; a bare `B` is a stretch without a name. */
function labelOf(tag: string): string | null {
  if (/^[BI]-/.test(tag)) return tag.slice(2);
  return tag === 'B' || tag === 'I' ? null : tag;
}

interface ManifestText {
  readonly docId: string;
  readonly text: string;
}

/** Texts by what is left of them without white space. */
function textsByLetters(manifests: readonly RowManifest[]): Map<string, ManifestText[]> {
  const texts = new Map<string, ManifestText[]>();
  for (const { docId, text } of manifests.flatMap(({ rows }) => rows)) {
    if (text === null) continue;
    const letters = text.replace(/\s+/g, '');
    const known = texts.get(letters) ?? [];
    texts.set(letters, known);
    if (!known.some((each) => each.docId === docId)) known.push({ docId, text });
  }
  return texts;
}

function encodeItems(labels: readonly Label[]): { content: string; order: number[] } {
  const order: number[] = [];
  const items = labels.flatMap(({ value, text }, index) => {
    const tokens = value.kind === 'spans' && text !== null ? tokensOf(text, value.spans) : [];
    if (tokens.length > 0) order.push(index);
    return tokens.length === 0 ? [] : [tokens.map((token) => `${token.text} ${token.tag}\n`).join('')];
  });
  return { content: items.join('\n'), order };
}

function tokensOf(text: string, spans: readonly Span[]): Token[] {
  return [...text.matchAll(LETTERS)].map((match) => {
    const end = match.index + match[0].length;
    const span = spans.find((each) => each.start < end && match.index < each.end);
    if (span === undefined) return { text: match[0], tag: 'O' };
    const begin = span.start >= match.index ? 'B' : 'I';
    // A tag ends at white space, so a label's own is written as an underscore.
    return { text: match[0], tag: span.label === null ? begin : `${begin}-${span.label.replace(/\s+/g, '_')}` };
  });
}

const codec: Codec = {
  name: 'azure-ml-conll',
  summary: 'CoNLL tokens and tags (Azure ML export of text NER projects)',
  hasAside: false,
  reasons: {
    label: 'CoNLL has spans over a text only',
    text: 'CoNLL has lost the white space between tokens; a manifest with texts leads back',
    value: 'spans overlap, cut through a token, count from a text with other spaces, or have names with white space',
  },
  read: readItems,
  encode: encodeItems,
};

export const azureMlConll: LabelFormat = verified(codec);
