import { Controller, Get, Inject } from '@nestjs/common';
import type { Lineage } from '../documents/lineage.ts';
import { accountView } from './collect-status.ts';
import type { SharedAnswer } from './shared-answer.ts';
import type { AccountView, Status } from './status.ts';
import { LINEAGE, STATUS } from '../http/http-parts.ts';

@Controller('v1')
export class StatusController {
  private readonly shared: SharedAnswer<Status>;
  private readonly lineage: Lineage;

  constructor(@Inject(STATUS) shared: SharedAnswer<Status>, @Inject(LINEAGE) lineage: Lineage) {
    this.shared = shared;
    this.lineage = lineage;
  }

  @Get('status')
  status(): Promise<Status> {
    return this.shared.get();
  }

  @Get('account')
  async account(): Promise<AccountView> {
    return accountView(await this.lineage.account());
  }
}
