import { Controller, Get, HttpException, Inject, Param } from '@nestjs/common';
import type { JourneyStop, Lineage } from './lineage.ts';
import { LINEAGE } from '../http/http-parts.ts';

interface Journey {
  readonly doc_id: string;
  readonly stops: readonly JourneyStop[];
}

@Controller('v1/documents')
export class DocumentsController {
  private readonly lineage: Lineage;

  constructor(@Inject(LINEAGE) lineage: Lineage) {
    this.lineage = lineage;
  }

  @Get(':docId/journey')
  async journey(@Param('docId') docId: string): Promise<Journey> {
    if (!/^[0-9a-f]{32}$/.test(docId))
      throw new HttpException({ error: 'a doc_id has 32 hex digits', code: 'BAD_REQUEST' }, 400);
    const stops = await this.lineage.journey(docId);
    if (stops.length === 0) throw new HttpException({ error: `there is no document ${docId}`, code: 'NOT_FOUND' }, 404);
    return { doc_id: docId, stops };
  }
}
