import { Access } from '@assay/shared/http/access';
import { Problem } from '@assay/shared/http/problem';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import type { JourneyStop, Lineage } from './lineage.ts';

export const JOURNEYS = Symbol('journeys of documents');

interface Journey {
  readonly doc_id: string;
  readonly stops: readonly JourneyStop[];
}

@Controller('v1/documents')
@Access('read')
export class DocumentsController {
  readonly #lineage: Lineage;

  constructor(@Inject(JOURNEYS) lineage: Lineage) {
    this.#lineage = lineage;
  }

  @Get(':docId/journey')
  async journey(@Param('docId') docId: string): Promise<Journey> {
    if (!/^[0-9a-f]{32}$/.test(docId))
      throw new Problem(400, 'BAD_REQUEST', 'A doc_id has 32 hex digits; this is none.');
    const stops = await this.#lineage.journey(docId);
    if (stops.length === 0) throw new Problem(404, 'NOT_FOUND', `There is no document ${docId}.`);
    return { doc_id: docId, stops };
  }
}
