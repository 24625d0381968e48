import { type LabelMessage, labelMessageSchema } from '@assay/shared/contracts/label-message';
import { accepted, deadLettered, type Outcome } from '@assay/shared/pipeline/outcome';
import type { SourceRecord } from '@assay/shared/pipeline/record';
import { faultOfLabel } from './domain/label-fault.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function decodeLabel({ value }: SourceRecord): Outcome<LabelMessage> {
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
  const parsed = labelMessageSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return deadLettered('CONTRACT_VIOLATED', `${issue?.path.join('.') || 'label'}: ${issue?.message ?? 'invalid'}`);
  }
  const fault = faultOfLabel(parsed.data);
  return fault === null ? accepted(parsed.data) : deadLettered('CONTRACT_VIOLATED', fault);
}
