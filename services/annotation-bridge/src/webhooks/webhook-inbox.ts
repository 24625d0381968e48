import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import type { Hints } from './webhook-receiver.ts';

/** $2 kinds and $3 ids, one beside the other, in an order that two of these at once have alike. */
const noteHints: Statement = {
  name: 'note-webhook-hints',
  text: `
    insert into assay.webhook_inbox as inbox (tool, kind, id)
    select $1, kind, id
      from (select distinct kind, id from unnest($2::text[], $3::text[]) as hint (kind, id)) as hints
     order by kind collate "C", id collate "C"
        on conflict (tool, kind, id) do update set received_at = excluded.received_at`,
};

/** Where webhooks wait to be looked into. It holds an item once, however often it is spoken of. */
export interface WebhookInbox {
  /** Resolves when the hints are durable. */
  add(tool: string, hints: Hints): Promise<void>;
}

export const createWebhookInbox = (postgres: Pick<Transaction, 'query'>): WebhookInbox => ({
  async add(tool, { items, answers }) {
    if (items.length + answers.length === 0) return;
    const kinds = [...items.map(() => 'item'), ...answers.map(() => 'answer')];
    await postgres.query(noteHints, [tool, kinds, [...items, ...answers]]);
  },
});
