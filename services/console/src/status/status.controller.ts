import { Access } from '@assay/shared/http/access';
import { Controller, Get, Inject } from '@nestjs/common';
import type { Lineage } from '../documents/lineage.ts';
import { accountView } from './collect-status.ts';
import type { SharedAnswer } from './shared-answer.ts';
import type { AccountView, Status } from './status.ts';

export const STATUS = Symbol('shared status');
export const ACCOUNTS = Symbol('where the account is read');

@Controller('v1')
@Access('read')
export class StatusController {
  readonly #shared: SharedAnswer<Status>;
  readonly #lineage: Pick<Lineage, 'account'>;

  constructor(@Inject(STATUS) shared: SharedAnswer<Status>, @Inject(ACCOUNTS) lineage: Pick<Lineage, 'account'>) {
    this.#shared = shared;
    this.#lineage = lineage;
  }

  @Get('status')
  status(): Promise<Status> {
    return this.#shared.get();
  }

  @Get('account')
  async account(): Promise<AccountView> {
    return accountView(await this.#lineage.account());
  }
}
