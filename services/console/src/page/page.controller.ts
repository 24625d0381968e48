import { Access } from '@assay/shared/http/access';
import type { Reply } from '@assay/shared/http/reply';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { Page } from './read-page.ts';

export const PAGE = Symbol('page');

@Controller()
@Access('read')
export class PageController {
  readonly #page: Page;

  constructor(@Inject(PAGE) page: Page) {
    this.#page = page;
  }

  @Get()
  show(@Res() reply: Reply): void {
    reply
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': this.#page.contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      })
      .send(this.#page.html);
  }
}
