import { Controller, Get } from '@nestjs/common';
import { ingestOpenApi } from './openapi.ts';

@Controller('openapi.json')
export class OpenApiController {
  @Get()
  document(): object {
    return ingestOpenApi();
  }
}
