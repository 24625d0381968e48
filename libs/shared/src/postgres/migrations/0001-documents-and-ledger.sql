-- The base tables of ingest and the offset ledger. Tables that Debezium reads are insert-only and live in `public`;
-- everything private lives in schema `assay`.

create schema assay;

do $$
declare
  service_role text;
begin
  foreach service_role in array array[
    'assay_ingest', 'assay_bridge', 'assay_validator', 'assay_output', 'assay_cdc', 'assay_reader'
  ] loop
    -- Roles belong to the server, not to the database: another database may have made them already, or is just making them.
    begin
      execute format('create role %I nologin', service_role);
    exception
      when duplicate_object or unique_violation then null;
    end;
    execute format('grant %I to current_user', service_role);
  end loop;
end
$$;

grant usage on schema assay to assay_ingest, assay_bridge, assay_validator, assay_output;

create table assay.identity (
  key_id text primary key,
  check_value text not null,
  created_at timestamptz not null default now()
);

-- One key for one database, for ever: doc_ids made with two keys would never meet.
create unique index identity_single on assay.identity ((true));
grant select, insert on assay.identity to assay_ingest;

create table assay.offsets (
  lane text collate "C" not null,
  topic text collate "C" not null,
  partition integer not null,
  incarnation integer not null,
  cluster_id text not null,
  first_offset bigint not null,
  next_offset bigint not null,
  last_record_offset bigint,
  last_key_hash text,
  last_timestamp bigint,
  received bigint not null default 0,
  accepted bigint not null default 0,
  duplicate bigint not null default 0,
  skipped bigint not null default 0,
  dead_lettered bigint not null default 0,
  gaps bigint not null default 0,
  expired bigint not null default 0,
  updated_at timestamptz not null default now(),
  primary key (lane, topic, partition, incarnation),
  constraint every_offset_booked check (next_offset - first_offset = received + gaps + expired),
  constraint every_message_settled check (received = accepted + duplicate + skipped + dead_lettered),
  constraint no_count_below_zero check (least(received, accepted, duplicate, skipped, dead_lettered, gaps, expired) >= 0)
)
-- Updated once a batch and never indexed elsewhere: room on the page keeps those updates out of the index.
with (fillfactor = 50);

grant select, insert, update on assay.offsets to assay_ingest, assay_bridge, assay_validator, assay_output;

create table public.documents (
  doc_id text collate "C" primary key check (doc_id ~ '^[0-9a-f]{32}$'),
  source text not null,
  ticket_id text not null,
  text text,
  text_hash text collate "C" not null,
  priority smallint not null check (priority between 0 and 9),
  fields jsonb not null,
  masked jsonb not null,
  status text not null default 'preprocessed' check (status = 'preprocessed'),
  bronze_path text collate "C" not null,
  created_at timestamptz,
  ingestion_timestamp timestamptz not null default now()
);

-- An edited ticket is a new document of the same (source, ticket_id).
create index documents_by_ticket on public.documents (source, ticket_id);

-- `on conflict do nothing` needs to read the key.
grant select, insert on public.documents to assay_ingest;

create table assay.bronze_blobs (
  name text collate "C" primary key,
  lines integer not null,
  written_at timestamptz not null default now()
);

grant select, insert on assay.bronze_blobs to assay_ingest;

-- The same columns as contracts/tables.ts lists under changeEvents: a spec compares them. A publication's column list does
-- not bind Debezium's snapshot, which is why the role's grants and Debezium's own list say it again.
create publication assay for table public.documents (
  doc_id, source, ticket_id, text, text_hash, priority, fields, masked, status, created_at, ingestion_timestamp
) with (publish = 'insert');

grant select (
  doc_id, source, ticket_id, text, text_hash, priority, fields, masked, status, created_at, ingestion_timestamp
) on public.documents to assay_cdc;
