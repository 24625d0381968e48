import { doorFlow } from '@assay/shared/bootstrap/flows';
import type { Source } from '../source.ts';
import { TICKET_PUBLISHER, TicketsController } from './tickets.controller.ts';
import { ticketsApi } from './tickets.openapi.ts';

/** Producers call `POST /v1/tickets`. */
export const httpSource: Source = {
  name: 'http',
  open: ({ publisher }) => [
    doorFlow(TicketsController, [{ provide: TICKET_PUBLISHER, useValue: publisher }], ticketsApi()),
  ],
};
