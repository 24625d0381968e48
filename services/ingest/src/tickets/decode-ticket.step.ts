import { headers, TICKET_VERSIONS } from '@assay/shared/contracts/headers';
import type { Ticket } from '@assay/shared/contracts/ticket';
import { deadLettered, type Outcome } from '@assay/shared/pipeline/outcome';
import { headerText, type SourceRecord } from '@assay/shared/pipeline/record';
import { decodeJson, toTicket, unwrapCloudEvent } from './domain/decode-ticket.ts';

export function decodeTicket(record: SourceRecord): Outcome<Ticket> {
  const version = headerText(record.headers, headers.version);
  if (version !== undefined && !TICKET_VERSIONS.includes(version))
    return deadLettered('CONTRACT_VERSION_UNKNOWN', `${headers.version}: not one of ${TICKET_VERSIONS.join(', ')}`);
  const json = decodeJson(record.value);
  return json.kind === 'accepted' ? toTicket(unwrapCloudEvent(json.value)) : json;
}
