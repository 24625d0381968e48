import type { VoteRow } from '../../votes/domain/vote-row.ts';

export type Standing = 'live' | 'superseded' | 'withdrawn';

export interface StandingChange {
  readonly vote: VoteRow;
  readonly status: Standing;
  readonly reason: string;
}
