import { Controller, Get, Inject } from '@nestjs/common';
import { Access } from './access.ts';

export const OPEN_API = Symbol('OpenAPI document');

@Controller('openapi.json')
@Access('open')
export class OpenApiController {
  readonly #document: object;

  constructor(@Inject(OPEN_API) document: object) {
    this.#document = document;
  }

  @Get()
  read(): object {
    return this.#document;
  }
}
