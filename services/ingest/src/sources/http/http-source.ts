import { doorFlow } from '@assay/shared/bootstrap/flows';
import type { Source } from '../source.ts';
import { MAX_TICKETS, TICKET_PUBLISHER, TicketsController } from './tickets.controller.ts';
import { ticketsApi } from './tickets.openapi.ts';

/** Producers call `POST /v1/tickets`. */
export const httpSource: Source = {
  name: 'http',
  open: ({ publisher, config }) => [
    doorFlow(
      TicketsController,
      [
        { provide: TICKET_PUBLISHER, useValue: publisher },
        { provide: MAX_TICKETS, useValue: config.INGEST_HTTP_REQUEST_MAX_TICKETS },
      ],
      ticketsApi(),
    ),
  ],
};
