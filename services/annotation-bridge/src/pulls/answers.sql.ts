import type { Statement } from '@assay/shared/postgres/statement';

/** $2 milliseconds. Answers nothing while another instance has it. */
export const leasePull: Statement = {
  name: 'lease-tool-pull',
  text: `
    insert into assay.tool_pulls as pull (tool, leased_until)
    values ($1, now() + make_interval(secs => $2 / 1000.0))
        on conflict (tool) do update set leased_until = excluded.leased_until where pull.leased_until <= now()
    returning cursor`,
};

export const endPullLease: Statement = {
  name: 'end-tool-pull-lease',
  text: `update assay.tool_pulls set leased_until = now() where tool = $1`,
};

export const moveCursor: Statement = {
  name: 'move-tool-pull-cursor',
  text: `update assay.tool_pulls set cursor = $2 where tool = $1`,
};

/** $2 items. */
export const readKnownAnswers: Statement = {
  name: 'read-known-answers',
  text: `
    select item_id as "itemId", answer_id as "answerId", version, path
      from assay.tool_answers
     where tool = $1 and item_id = any($2::text[])`,
};

/** $3 items, $4 answers and $5 their versions, one beside the other. */
export const intendAnswers: Statement = {
  name: 'intend-answers',
  text: `
    insert into assay.tool_answers (tool, path, item_id, answer_id, version)
    select $1, $2, item_id, answer_id, version
      from unnest($3::text[], $4::text[], $5::text[]) as answer (item_id, answer_id, version)`,
};

export const noteWritten: Statement = {
  name: 'note-written-answers',
  text: `update assay.tool_answers set is_written = true where tool = $1 and path = $2`,
};

export const forgetUnwritten: Statement = {
  name: 'forget-unwritten-answers',
  text: `delete from assay.tool_answers where tool = $1 and path = $2 and not is_written`,
};

export const findUnwrittenFiles: Statement = {
  name: 'find-unwritten-answer-files',
  text: `select distinct path from assay.tool_answers where tool = $1 and not is_written`,
};

/** $2 answers and $3 the files they are taken back from, one beside the other. */
export const forgetTakenBack: Statement = {
  name: 'forget-answers-taken-back',
  text: `
    delete from assay.tool_answers as answer
     using unnest($2::text[], $3::text[]) as taken (answer_id, path)
     where answer.tool = $1 and answer.answer_id = taken.answer_id and answer.path = taken.path`,
};

export const noteLookedAt: Statement = {
  name: 'note-items-looked-at',
  text: `update assay.tool_answers set looked_at = now() where tool = $1 and item_id = any($2::text[])`,
};

/** Items that were last compared $2 milliseconds ago or longer, $3 at most. */
export const findStaleItems: Statement = {
  name: 'find-stale-items',
  text: `
    select distinct item_id
      from (select item_id from assay.tool_answers
             where tool = $1 and looked_at < now() - make_interval(secs => $2 / 1000.0)
             order by looked_at
             limit $3) as stale`,
};

/** $2 at most. An answer nobody has taken in yet has no item, and the pull will see what has become of it. */
export const readInbox: Statement = {
  name: 'read-webhook-inbox',
  text: `
    select inbox.kind, inbox.id, inbox.received_at::text as received_at,
           case inbox.kind
             when 'item' then inbox.id
             else (select item_id from assay.tool_answers as answer
                    where answer.tool = inbox.tool and answer.answer_id = inbox.id limit 1)
           end as item_id
      from assay.webhook_inbox as inbox
     where inbox.tool = $1
     order by inbox.received_at
     limit $2`,
};

/** What came again meanwhile stays: $4 are the times as text, because a Date has no microseconds. */
export const clearInbox: Statement = {
  name: 'clear-webhook-inbox',
  text: `
    delete from assay.webhook_inbox as inbox
     using unnest($2::text[], $3::text[], $4::text[]) as done (kind, id, received_at)
     where inbox.tool = $1 and inbox.kind = done.kind and inbox.id = done.id and inbox.received_at <= done.received_at::timestamptz`,
};
