import type { EntityType } from './entity.ts';
import { findFirstKinds } from './first-kinds.ts';
import { builtInLabels } from './entity.ts';

/** UTF-16 offsets, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly type: EntityType;
}

export interface Masked {
  readonly text: string;
  /** In the input, sorted, never overlapping. */
  readonly spans: readonly Span[];
  /** The same spans' places in the masked text. */
  readonly maskedSpans: readonly Span[];
}

export interface Masker {
  mask(text: string): Masked;
  /** The strings of one ticket: equal values share their number across all of them. */
  maskTogether(texts: readonly string[]): readonly Masked[];
}

export interface PseudonymKey {
  readonly keyId: string;
  readonly key: Uint8Array;
}

export type Operator = 'replace' | 'redact' | { readonly pseudonym: PseudonymKey };

export interface MaskerOptions {
  readonly operator?: Operator;
  readonly types?: readonly EntityType[];
}

export function createMasker(options: MaskerOptions = {}): Masker {
  const wanted = options.types === undefined ? undefined : new Set(options.types);
  const maskTogether = (texts: readonly string[]): readonly Masked[] => {
    const numbers = new Map<string, number>();
    return texts.map((text) => {
      const spans = findFirstKinds(text).filter((span) => wanted === undefined || wanted.has(span.type));
      return replaceSpans(text, spans, numbers);
    });
  };
  return { mask: (text) => maskTogether([text])[0] as Masked, maskTogether };
}

function replaceSpans(text: string, spans: readonly Span[], numbers: Map<string, number>): Masked {
  const maskedSpans: Span[] = [];
  let out = '';
  let at = 0;
  for (const span of spans) {
    out += text.slice(at, span.start);
    const placeholder = numberedPlaceholder(span.type, text.slice(span.start, span.end), numbers);
    maskedSpans.push({ start: out.length, end: out.length + placeholder.length, type: span.type });
    out += placeholder;
    at = span.end;
  }
  return { text: out + text.slice(at), spans, maskedSpans };
}

function numberedPlaceholder(type: EntityType, value: string, numbers: Map<string, number>): string {
  const label = (builtInLabels as Record<string, string>)[type] ?? type;
  const key = `${label} ${value.toLowerCase()}`;
  const number = numbers.get(key) ?? (numbers.get(label) ?? 0) + 1;
  if (!numbers.has(key)) numbers.set(key, number).set(label, number);
  return `<${label}_${number}>`;
}
