import { type LabelChange, labelMessageSchema, removalMessageSchema } from '@assay/shared/contracts/label-message';
import { accepted, deadLettered, type Outcome } from '@assay/shared/pipeline/outcome';
import type { SourceRecord } from '@assay/shared/pipeline/record';
import type { z } from 'zod';
import { faultOfLabel, faultOfRemoval } from './domain/label-fault.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function decodeLabel({ value }: SourceRecord): Outcome<LabelChange> {
  if (value === null) return deadLettered('DECODE_FAILED', 'the message has no value');
  let text: string;
  try {
    text = utf8.decode(value);
  } catch {
    return deadLettered('DECODE_FAILED', 'the value is not UTF-8');
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return deadLettered('DECODE_FAILED', 'the value is not JSON');
  }
  return isRemoval(json)
    ? checked(removalMessageSchema.safeParse(json), faultOfRemoval)
    : checked(labelMessageSchema.safeParse(json), faultOfLabel);
}

const isRemoval = (json: unknown): boolean =>
  typeof json === 'object' && json !== null && 'op' in json && json.op === 'remove';

function checked<T extends LabelChange>(
  parsed: z.ZodSafeParseResult<T>,
  faultOf: (message: T) => string | null,
): Outcome<LabelChange> {
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return deadLettered('CONTRACT_VIOLATED', `${issue?.path.join('.') || 'label'}: ${issue?.message ?? 'invalid'}`);
  }
  const fault = faultOf(parsed.data);
  return fault === null ? accepted(parsed.data) : deadLettered('CONTRACT_VIOLATED', fault);
}
