import { Controller, Get } from '@nestjs/common';
import { consoleOpenApi } from './openapi.ts';

@Controller('openapi.json')
export class OpenApiController {
  @Get()
  document(): object {
    return consoleOpenApi();
  }
}
