import { Controller, Get } from '@nestjs/common';
import { outputOpenApi } from './openapi.ts';

@Controller('openapi.json')
export class OpenApiController {
  @Get()
  document(): object {
    return outputOpenApi();
  }
}
