-- What happens after a document is stored: pushed out, labelled, decided, written as gold. One owner for each table; Debezium
-- reads `documents` and `decisions`, so those two are insert-only.

-- Outgoing batches and gold segments ---------------------------------------------------------------------------------

-- Everything that leaves Postgres for a blob is planned here first, with its exact bytes, then done, then confirmed. After a
-- crash an unconfirmed plan is done again: the same bytes under the same name. The bytes go once it is confirmed.
create table assay.plans (
  plan_id uuid primary key default gen_random_uuid(),
  target text collate "C" not null,
  blob_name text collate "C" not null unique,
  sha256 text not null,
  line_count integer not null,
  content bytea,
  planned_at timestamptz not null default now(),
  confirmed_at timestamptz,
  constraint content_until_confirmed check ((content is null) = (confirmed_at is not null))
);

create index plans_unconfirmed on assay.plans (target, planned_at) where confirmed_at is null;
grant select, insert, update on assay.plans to assay_bridge, assay_output;

-- annotation-bridge ---------------------------------------------------------------------------------------------------

-- Which documents go to which target, each once for ever: a re-created connector or a new snapshot changes nothing.
create table assay.push_queue (
  doc_id text collate "C" not null references public.documents,
  target text collate "C" not null,
  priority smallint not null,
  queued_at timestamptz not null default now(),
  plan_id uuid references assay.plans,
  plan_row integer,
  primary key (doc_id, target)
);

create index push_queue_waiting on assay.push_queue (target, priority, queued_at) where plan_id is null;
create index push_queue_by_plan on assay.push_queue (plan_id);
grant select, insert, update on assay.push_queue to assay_bridge;
grant select, references on public.documents to assay_bridge;

-- What became of a document after it was stored; `documents` itself never changes.
create table assay.progress (
  doc_id text collate "C" primary key references public.documents,
  pushed_at timestamptz not null,
  silver_path text not null,
  silver_row integer not null
);

grant select, insert, update on assay.progress to assay_bridge;

-- One row for each content that stood under a path: a file replaced in place is another content.
create table assay.label_files (
  path text collate "C" not null,
  sha256 text collate "C" not null,
  etag text not null,
  bytes bigint not null,
  status text not null check (status in ('read', 'rejected')),
  reason text,
  row_count integer not null,
  published_count integer not null,
  rejected_count integer not null,
  notes jsonb not null default '[]',
  read_at timestamptz not null default now(),
  primary key (path, sha256),
  constraint every_row_told check (row_count = published_count + rejected_count),
  constraint rejected_has_reason check ((status = 'rejected') = (reason is not null))
);

create index label_files_by_etag on assay.label_files (path, etag);
grant select, insert on assay.label_files to assay_bridge;

-- Rows of label files that do not count, with where they stand and why. Also rows whose document never came.
create table assay.rejected_rows (
  file_sha256 text collate "C" not null,
  path text collate "C" not null,
  row_number integer not null,
  reason text not null,
  record jsonb not null,
  rejected_at timestamptz not null default now(),
  primary key (path, file_sha256, row_number)
);

grant select, insert on assay.rejected_rows to assay_bridge, assay_validator;

-- quality-validator ---------------------------------------------------------------------------------------------------

-- How far each file got in each partition. A row at or below `last_row` is a redelivery and counts for nothing.
create table assay.file_progress (
  file_sha256 text collate "C" not null,
  path text collate "C" not null,
  partition integer not null,
  last_row integer not null,
  row_count integer not null,
  duplicate_count integer not null,
  primary key (path, file_sha256, partition)
);

grant select, insert, update on assay.file_progress to assay_validator;

-- Every distinct label row. annotation_id is a hash of what makes two rows equal (label-rules 6), so an equal row finds it.
create table public.annotations (
  annotation_id text collate "C" primary key check (annotation_id ~ '^[0-9a-f]{32}$'),
  doc_id text collate "C" not null references public.documents,
  annotator_id text,
  field text not null,
  label text not null,
  value jsonb not null,
  confidence_score double precision not null check (confidence_score between 0 and 1),
  text text,
  raw_annotation_path text collate "C" not null,
  raw_row integer not null,
  file_sha256 text collate "C" not null,
  tool text not null,
  tool_annotation_id text,
  annotated_at timestamptz,
  ingestion_timestamp timestamptz not null default now()
);

create index annotations_by_document on public.annotations (doc_id);
create index annotations_by_tool_id on public.annotations (tool, tool_annotation_id) where tool_annotation_id is not null;
grant select, insert, update on public.annotations to assay_validator;
grant select, references on public.documents to assay_validator;
create index documents_by_text_hash on public.documents (text_hash);

-- Annotations taken back. Remembered for ever, so that a later pull of the same annotation cannot revive it.
create table assay.withdrawals (
  tool text collate "C" not null,
  tool_annotation_id text collate "C" not null,
  raw_annotation_path text not null,
  raw_row integer not null,
  withdrawn_at timestamptz not null default now(),
  primary key (tool, tool_annotation_id)
);

grant select, insert on assay.withdrawals to assay_validator;

-- Labels whose document is not here (yet). They never block a partition; after a while they become rejected rows.
create table assay.unmatched_labels (
  path text collate "C" not null,
  file_sha256 text collate "C" not null,
  row_number integer not null,
  partition integer not null,
  doc_id text collate "C",
  text_hash text collate "C",
  message jsonb not null,
  waiting_since timestamptz not null default now(),
  primary key (path, file_sha256, row_number)
);

create index unmatched_labels_by_document on assay.unmatched_labels (doc_id);
create index unmatched_labels_by_text on assay.unmatched_labels (text_hash);
-- `for update skip locked` asks for the right to update.
grant select, insert, update, delete on assay.unmatched_labels to assay_validator;

-- The newest decision of each document, and the row everybody locks before reading its votes: two transactions that each see
-- only their own vote would both say gold.
create table assay.heads (
  doc_id text collate "C" primary key references public.documents,
  version integer not null default 0,
  verdict text,
  decision_id text collate "C"
);

grant select, insert, update on assay.heads to assay_validator;

create table public.decisions (
  decision_id text collate "C" primary key,
  doc_id text collate "C" not null references public.documents,
  version integer not null check (version > 0),
  verdict text not null check (verdict in ('gold', 'disagreement', 'low_confidence', 'pending', 'erased')),
  fields jsonb not null,
  votes jsonb not null,
  reason text not null,
  rules_version text not null,
  decided_at timestamptz not null default now(),
  unique (doc_id, version)
);

grant select, insert on public.decisions to assay_validator;

-- How each vote stands now; quality_metrics is the history of it.
create table assay.standings (
  annotation_id text collate "C" primary key references public.annotations,
  doc_id text collate "C" not null references public.documents,
  status text not null check (status in ('live', 'superseded', 'withdrawn')),
  reason text not null
);

create index standings_by_document on assay.standings (doc_id);
grant select, insert, update on assay.standings to assay_validator;

create table public.quality_metrics (
  validation_id bigint generated always as identity primary key,
  annotation_id text collate "C" not null references public.annotations,
  doc_id text collate "C" not null references public.documents,
  status text not null,
  reason text not null,
  kappa_score double precision,
  confidence_score double precision not null,
  decision_id text collate "C" references public.decisions,
  validated_at timestamptz not null default now()
);

create index quality_metrics_by_document on public.quality_metrics (doc_id);
grant select, insert on public.quality_metrics to assay_validator;

-- Who said what about the same documents, as additive counts (libs/agreement CountRow), kept up with every decision. Sharded by
-- partition, so that two partitions never wait for one row, and summed at reading.
create table assay.agreement_counts (
  shard integer not null,
  field text collate "C" not null,
  kind text collate "C" not null check (kind in ('item', 'pair', 'rater')),
  key text collate "C" not null,
  n integer not null,
  primary key (shard, field, kind, key)
);

grant select, insert, update on assay.agreement_counts to assay_validator;

-- output ----------------------------------------------------------------------------------------------------------------

-- The newest decision output has applied to each document. A snapshot delivers decisions out of order; an older one is dropped.
create table assay.applied_decisions (
  doc_id text collate "C" primary key references public.documents,
  version integer not null,
  verdict text not null
);

grant select, insert, update on assay.applied_decisions to assay_output;

-- Lines for consumers, in two streams: gold and disagreements. `seq` is given later and in one place, because two transactions
-- commit in any order and a consumer that tails must never see a smaller number after a larger one.
create table assay.output_lines (
  line_id bigint generated always as identity primary key,
  stream text not null check (stream in ('gold', 'disagreements')),
  doc_id text collate "C" not null references public.documents,
  version integer not null,
  op text not null check (op in ('add', 'retract')),
  line text not null,
  seq bigint,
  plan_id uuid references assay.plans,
  plan_row integer,
  written_at timestamptz not null default now(),
  unique (stream, doc_id, version),
  unique (stream, seq)
);

create index output_lines_unnumbered on assay.output_lines (stream, line_id) where seq is null;
create index output_lines_unplanned on assay.output_lines (stream, seq) where plan_id is null;
create index output_lines_by_document on assay.output_lines (doc_id);
grant select, insert, update on assay.output_lines to assay_output;
grant select, references on public.documents to assay_output;
grant select on public.decisions to assay_output;

create table assay.releases (
  release integer primary key,
  last_seq bigint not null,
  line_count integer not null,
  sha256 text not null,
  bytes bigint not null,
  rules_versions jsonb not null,
  planned_at timestamptz not null default now(),
  confirmed_at timestamptz
);

grant select, insert, update on assay.releases to assay_output;

-- change events -----------------------------------------------------------------------------------------------------------

alter publication assay add table public.decisions (
  decision_id, doc_id, version, verdict, fields, votes, reason, rules_version, decided_at
);

grant select (
  decision_id, doc_id, version, verdict, fields, votes, reason, rules_version, decided_at
) on public.decisions to assay_cdc;
