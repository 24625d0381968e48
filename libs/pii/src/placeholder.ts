import type { EntityType } from './entity.ts';
import type { Gap } from './scan/gap.ts';

/** What masking leaves behind: `<EMAIL_1>` (replace), `<EMAIL>` (redact), `<EMAIL:k1:abcd…>` (pseudonym). */
export interface Placeholder {
  readonly end: number;
  readonly type: EntityType;
  readonly label: string;
  /** 0 unless it carries one. */
  readonly number: number;
}

export const DIGEST_LENGTH = 20;

export const numbered = (label: string, number: number): string => `<${label}_${number}>`;
export const redacted = (label: string): string => `<${label}>`;
export const keyed = (label: string, keyId: string, digest: string): string => `<${label}:${keyId}:${digest}>`;

export const isKeyId = (keyId: string): boolean => /^[A-Za-z0-9.-]{1,32}$/.test(keyId);
export const isLabel = (label: string): boolean => /^[A-Z][A-Z0-9_]{0,39}$/.test(label);

const LONGEST_LABEL = 52;

/** Reads the placeholder that begins at `<`, of any operator: what is masked once is never looked into again. */
export function readPlaceholder(gap: Gap, at: number, types: ReadonlyMap<string, EntityType>): Placeholder | undefined {
  if (gap.at(at) !== 60) return undefined;
  let i = at + 1;
  while (i < at + LONGEST_LABEL && isLabelUnit(gap.at(i))) i++;
  const name = gap.slice(at + 1, i);
  if (gap.at(i) === 58) {
    const type = types.get(name);
    const end = endOfKeyed(gap, i + 1);
    return type === undefined || end === 0 ? undefined : { end, type, label: name, number: 0 };
  }
  if (gap.at(i) !== 62) return undefined;
  const whole = types.get(name);
  if (whole !== undefined) return { end: i + 1, type: whole, label: name, number: 0 };
  const cut = name.lastIndexOf('_');
  const digits = name.slice(cut + 1);
  const label = name.slice(0, Math.max(cut, 0));
  const type = types.get(label);
  if (type === undefined || !/^\d{1,9}$/.test(digits)) return undefined;
  return { end: i + 1, type, label, number: Number(digits) };
}

const isLabelUnit = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;

function endOfKeyed(gap: Gap, start: number): number {
  let i = start;
  while (i < start + 33 && gap.at(i) !== 58 && gap.at(i) !== 0) i++;
  if (gap.at(i) !== 58 || !isKeyId(gap.slice(start, i))) return 0;
  const first = i + 1;
  for (i = first; i < first + DIGEST_LENGTH; i++) if (gap.at(i) < 97 || gap.at(i) > 112) return 0;
  return gap.at(i) === 62 ? i + 1 : 0;
}
