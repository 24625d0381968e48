import { doorFlow } from '@assay/shared/bootstrap/flows';
import { identify } from '../../tickets/identify.step.ts';
import type { Source } from '../source.ts';
import type { DocIdOf } from './read-tickets.ts';
import { DOC_ID_OF, MAX_TICKETS, TICKET_PUBLISHER, TicketsController } from './tickets.controller.ts';
import { ticketsApi } from './tickets.openapi.ts';

/** Producers call `POST /v1/tickets`. */
export const httpSource: Source = {
  name: 'http',
  open({ publisher, config }) {
    const identified = identify(config.INGEST_IDENTITY_KEY);
    const docIdOf: DocIdOf = (ticket) => identified(ticket).value.docId;
    const providers = [
      { provide: TICKET_PUBLISHER, useValue: publisher },
      { provide: DOC_ID_OF, useValue: docIdOf },
      { provide: MAX_TICKETS, useValue: config.INGEST_HTTP_REQUEST_MAX_TICKETS },
    ];
    return [doorFlow(TicketsController, providers, ticketsApi())];
  },
};
