import { type LabelMessage, labelMessageSchema } from '@assay/shared/contracts/label-message';
import { accepted, deadLettered, type Outcome } from '@assay/shared/pipeline/outcome';
import type { SourceRecord } from '@assay/shared/pipeline/record';

export function decodeLabel({ value }: SourceRecord): Outcome<LabelMessage> {
  if (value === null) return deadLettered('DECODE_FAILED', 'the message has no value');
  let json: unknown;
  try {
    json = JSON.parse(value.toString('utf8'));
  } catch {
    return deadLettered('DECODE_FAILED', 'the value is not JSON');
  }
  const parsed = labelMessageSchema.safeParse(json);
  if (parsed.success) return accepted(parsed.data);
  const [issue] = parsed.error.issues;
  return deadLettered('CONTRACT_VIOLATED', `${issue?.path.join('.') || 'label'}: ${issue?.message ?? 'invalid'}`);
}
