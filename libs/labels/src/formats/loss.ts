import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Label, LabelValue } from '../label.ts';
import { isSameLabel, labelKey } from '../label.ts';

/** Something that a conversion could not put where it belongs. */
export interface Loss {
  /** `label`, or the part of it: `annotator`, `confidence`, `extra.priority`, … */
  readonly what: string;
  /** `path#row` of the record it was read from. */
  readonly where: string;
  readonly why: string;
  /** True where it stands aside in the file, so that our own readers get it back; the tool itself does not know it. */
  readonly isKept: boolean;
}

/** What a format had no place for, as it stands aside in the written record. */
export interface Aside {
  /** Digest of the label as the format shows it: an aside belongs to that label only, not to what somebody made of it
   * later in the tool. */
  readonly of: string;
  readonly docId?: string | null;
  readonly text?: string | null;
  readonly annotator?: string | null;
  readonly field?: string;
  readonly value?: LabelValue;
  readonly confidence?: number | null;
  readonly partConfidences?: readonly number[] | null;
  readonly annotatedAt?: string | null;
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Extra fields that the format invents. */
  readonly without?: readonly string[];
}

/** The key (JSON) or column (CSV) that holds an aside. */
export const ASIDE = 'assay';

const PARTS = ['docId', 'text', 'annotator', 'field', 'confidence', 'annotatedAt'] as const;

/** What must stand aside so that `shown`, the label as the format alone gives it back, becomes `label` again. Undefined
 * where nothing is missing. The origin is no part of a label's meaning and is not compared. */
export function asideOf(label: Label, shown: Label): Aside | undefined {
  const parts: Record<string, unknown> = {};
  for (const part of PARTS) if (label[part] !== shown[part]) parts[part] = label[part];
  if (!isDeepStrictEqual(label.partConfidences, shown.partConfidences))
    parts['partConfidences'] = label.partConfidences;
  if (!isSameLabel(label.value, shown.value)) parts['value'] = label.value;
  const extra = Object.entries(label.extra).filter(([name, value]) => !isDeepStrictEqual(value, shown.extra[name]));
  if (extra.length > 0) parts['extra'] = Object.fromEntries(extra);
  const without = Object.keys(shown.extra).filter((name) => !Object.hasOwn(label.extra, name));
  if (without.length > 0) parts['without'] = without;
  return Object.keys(parts).length === 0 ? undefined : { of: labelDigest(shown.value), ...parts };
}

export function lossesOf(aside: Aside, where: string, why: (part: string) => string, isKept: boolean): Loss[] {
  const { of: _of, extra, without, ...parts } = aside;
  return [
    ...Object.keys(parts).map((part) => ({ what: part, where, why: why(part), isKept })),
    ...Object.keys(extra ?? {}).map((name) => ({ what: `extra.${name}`, where, why: why('extra'), isKept })),
    ...(without ?? []).map((name) => ({ what: `extra.${name}`, where, why: 'the format adds it', isKept })),
  ];
}

/** The label with its aside put back, or undefined where the label was changed since the aside was written. */
export function restored(shown: Label, aside: Aside): Label | undefined {
  if (aside.of !== labelDigest(shown.value)) return undefined;
  const { of: _of, extra, without = [], ...parts } = aside;
  const kept = Object.entries(shown.extra).filter(([name]) => !without.includes(name));
  return { ...shown, ...parts, extra: { ...Object.fromEntries(kept), ...extra } };
}

/** An aside as it was parsed from a file somebody may have edited. */
export function parseAside(json: unknown): Aside | undefined {
  if (typeof json !== 'object' || json === null || !('of' in json) || typeof json.of !== 'string') return undefined;
  return json as Aside;
}

export function placeOf({ origin }: Label): string {
  return `${origin.path}#${origin.row}`;
}

function labelDigest(value: LabelValue): string {
  return hash('sha256', labelKey(value), 'hex').slice(0, 16);
}
