import type { Label } from '../label.ts';
import { isBlankLabel } from '../label.ts';
import type { LabelFormat, ReadResult, ReadSettings, WriteResult, WriteSettings } from './label-format.ts';
import type { Aside, Loss } from './loss.ts';
import { asideOf, lossesOf, placeOf } from './loss.ts';

export interface Encoded {
  readonly content: string;
  /** For each label that reading the content gives, in that order: its place in the input. */
  readonly order: readonly number[];
}

/** One format as its author writes it: how it reads and how it encodes. What gets lost is nobody's opinion: it is found
 * by reading the encoded content again (see `verified`). */
export interface Codec {
  readonly name: string;
  readonly summary: string;
  /** False where the format has no place that its tool ignores. */
  readonly hasAside: boolean;
  /** Why a part of a label has no place of its own. */
  readonly reasons: Readonly<Record<string, string>>;
  read(content: string, settings: ReadSettings): ReadResult;
  /** Labels it cannot encode at all are missing from `order`. `asides[i]` belongs to `labels[i]`. */
  encode(labels: readonly Label[], asides: readonly (Aside | undefined)[], settings: WriteSettings): Encoded;
}

/** A format whose writer encodes the labels, reads them back, and puts every difference aside and into the loss report.
 * So the report cannot be wrong about what a file holds, and a format without differences is lossless by test. */
export function verified(codec: Codec): LabelFormat {
  return {
    name: codec.name,
    summary: codec.summary,
    read: (content, settings) => codec.read(content, settings),
    write: (labels, settings = {}) => writeVerified(codec, labels, settings),
  };
}

function writeVerified(codec: Codec, labels: readonly Label[], settings: WriteSettings): WriteResult {
  const sayable = labels.filter(isSayable);
  const plain = codec.encode(sayable, [], settings);
  const shown = readBack(codec, plain, settings);
  const asides: (Aside | undefined)[] = [];
  for (const [at, index] of plain.order.entries()) {
    const [label, back] = [sayable[index], shown[at]];
    if (label !== undefined && back !== undefined) asides[index] = asideOf(label, back);
  }
  const isKept = codec.hasAside && settings.isAsideKept !== false;
  const needsAside = isKept && asides.some((aside) => aside !== undefined);
  const encoded = needsAside ? codec.encode(sayable, asides, settings) : plain;
  return {
    content: encoded.content,
    written: encoded.order.length,
    losses: [...droppedLosses(codec, labels, sayable, plain), ...asideLosses(codec, sayable, asides, isKept)],
  };
}

// A rating outside the real numbers has no spelling in JSON.
function isSayable({ value }: Label): boolean {
  return !isBlankLabel(value) && (value.kind !== 'rating' || Number.isFinite(value.rating));
}

function readBack(codec: Codec, { content, order }: Encoded, settings: WriteSettings): readonly Label[] {
  if (order.length === 0) return [];
  const { confidenceControl } = settings;
  const confidence = confidenceControl === undefined ? {} : { confidence: { name: confidenceControl, scale: 1 } };
  const { labels } = codec.read(content, { path: '', groundTruth: 'vote', ...confidence });
  if (labels.length !== order.length) {
    throw new Error(`${codec.name} encodes ${order.length} labels and reads ${labels.length} back`);
  }
  return labels;
}

function droppedLosses(codec: Codec, labels: readonly Label[], sayable: readonly Label[], { order }: Encoded): Loss[] {
  const encoded = new Set(order);
  const unsaid = sayable.filter((_, index) => !encoded.has(index));
  const loss = (label: Label, why: string): Loss => ({ what: 'label', where: placeOf(label), why, isKept: false });
  return [
    ...labels.filter((label) => !isSayable(label)).map((label) => loss(label, 'the label says nothing')),
    ...unsaid.map((label) => loss(label, codec.reasons['label'] ?? `${codec.name} has no place for it`)),
  ];
}

function asideLosses(
  codec: Codec,
  labels: readonly Label[],
  asides: readonly (Aside | undefined)[],
  isKept: boolean,
): Loss[] {
  const why = (part: string) => codec.reasons[part] ?? `${codec.name} has no place for it`;
  return labels.flatMap((label, index) => {
    const aside = asides[index];
    return aside === undefined ? [] : lossesOf(aside, placeOf(label), why, isKept);
  });
}
