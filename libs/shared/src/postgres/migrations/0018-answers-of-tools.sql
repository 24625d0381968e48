-- What people answered in labelling tools comes back as label files. Here stands which version of an answer lies in which file,
-- so that a later version, or its end, can take the rows of the earlier one back.

-- How far the pull of each tool got, and who is at it.
create table assay.tool_pulls (
  tool text collate "C" primary key,
  cursor text,
  leased_until timestamptz not null
);

grant select, insert, update on assay.tool_pulls to assay_bridge;

create table assay.tool_answers (
  tool text collate "C" not null,
  answer_id text collate "C" not null,
  path text collate "C" not null,
  item_id text collate "C" not null,
  version text collate "C" not null,
  -- False from before the file is written until it was: what is left so by a crash is looked at.
  is_written boolean not null default false,
  looked_at timestamptz not null default now(),
  primary key (tool, answer_id, path)
);

create index tool_answers_by_item on assay.tool_answers (tool, item_id);
create index tool_answers_by_look on assay.tool_answers (tool, looked_at);
create index tool_answers_unwritten on assay.tool_answers (tool, path) where not is_written;
grant select, insert, update, delete on assay.tool_answers to assay_bridge;

-- Webhooks say that something happened to an item or an answer; what, is asked of the tool. Nothing of their content is kept.
create table assay.webhook_inbox (
  tool text collate "C" not null,
  kind text collate "C" not null check (kind in ('item', 'answer')),
  id text collate "C" not null,
  received_at timestamptz not null default clock_timestamp(),
  primary key (tool, kind, id)
);

create index webhook_inbox_by_age on assay.webhook_inbox (tool, received_at);
grant select, insert, update, delete on assay.webhook_inbox to assay_bridge;
