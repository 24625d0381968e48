import { type Flow, laneFlow, workerFlow } from '@assay/shared/bootstrap/flows';
import type { Source, SourceParts } from './sources/source.ts';
import { HOUR_MS } from '@assay/shared/contracts/units';
import { ticketLane, type TicketParts } from './tickets/ticket-lane.ts';

export interface Parts {
  readonly sources: readonly Source[];
  readonly source: SourceParts;
  readonly tickets: TicketParts;
  readonly sweepBronze: () => Promise<boolean>;
}

/** What ingest does, in the order data takes. */
export const flows = ({ sources, source, tickets, sweepBronze }: Parts): readonly Flow[] => [
  // Tickets that do not come by Kafka are put on its topic.
  ...sources.flatMap((one) => one.open(source)),
  // A ticket is identified, repaired, masked, kept sealed in bronze, and becomes a document.
  laneFlow(ticketLane(tickets), (record) => tickets.bronze.spill(record)),
  // What a crash left in bronze and no document refers to is deleted.
  workerFlow('sweep-bronze', { everyMs: HOUR_MS, firstAfterMs: HOUR_MS }, sweepBronze),
];
