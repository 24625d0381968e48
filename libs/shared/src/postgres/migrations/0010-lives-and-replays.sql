-- Lives of a database. A restore from a backup makes another life: decisions that were made after the backup are gone from
-- here and stand in the topics all the same, and new ones take their versions once more. The life's number tells them apart.

-- Where this database stands: the cluster, its timeline (a restore to a point in time and a failover begin another one), and
-- which database of the cluster it is (a dump that is loaded is another one). A file system that is set back shows in none of
-- them; decisions in the topic that are not here do (docs/restore.md).
create function assay.place()
returns text
language sql stable
set search_path = pg_catalog
as $$
  select system_identifier || '/' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) || '/'
         || (select oid from pg_database where datname = current_database())
    from pg_control_system()
$$;

create table assay.lives (
  life integer primary key check (life > 0),
  place text not null,
  reason text not null,
  began_at timestamptz not null default now(),
  -- When Debezium began to read the tables for this life; null while it goes on where an older life was.
  captured_at timestamptz
);

insert into assay.lives (life, place, reason, captured_at) values (1, assay.place(), 'the database was made', now());

-- The life of this moment; begins another one when the database stands elsewhere than it did. Whoever comes second waits for
-- the first and finds its row.
create function assay.this_life()
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog
as $$
declare
  newest assay.lives;
begin
  select * into newest from assay.lives order by life desc limit 1;
  if newest.place = assay.place() then return newest.life; end if;
  insert into assay.lives (life, place, reason)
  values (newest.life + 1, assay.place(), 'it is another cluster, timeline or database than that of life ' || newest.life)
      on conflict do nothing;
  return newest.life + 1;
end
$$;

-- The life in which the transaction ends: whoever begins another one holds this lock alone (contracts/locks.ts) and waits.
create function assay.stay_in_life(lock text)
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog
as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended(lock, 0));
  return assay.this_life();
end
$$;

-- `outdone` is a life that somebody has seen end: the next one is above it, unless the newest is already.
create function assay.begin_life(outdone integer, why text)
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog
as $$
declare
  newest integer := assay.this_life();
begin
  if outdone < newest then return newest; end if;
  insert into assay.lives (life, place, reason) values (outdone + 1, assay.place(), why) on conflict do nothing;
  return outdone + 1;
end
$$;

revoke execute on function assay.place(), assay.this_life(), assay.stay_in_life(text), assay.begin_life(integer, text) from public;
grant execute on function assay.this_life() to assay_bridge, assay_validator, assay_output;
grant execute on function assay.stay_in_life(text) to assay_validator;
grant execute on function assay.begin_life(integer, text) to assay_validator, assay_output;
grant select, update (captured_at) on assay.lives to assay_bridge;

-- Decisions and what follows from them ----------------------------------------------------------------------------------

alter table public.decisions add column life integer not null default 1 check (life > 0);
alter table assay.heads add column life integer not null default 1;
alter table assay.applied_decisions add column life integer not null default 1;
alter table assay.waiting_decisions add column life integer not null default 1;
alter table assay.output_lines add column life integer not null default 1;

-- The columns of a published table are given again as a whole.
alter publication assay drop table public.decisions;
alter publication assay add table public.decisions (
  decision_id, doc_id, version, verdict, fields, votes, reason, rules_version, decided_at, life
);
grant select (life) on public.decisions to assay_cdc;

-- Documents about which output has read a decision that is not here. Applied as it is, it may say other than the newest one
-- here, so the validator judges them once more, in this life.
create table assay.forked_documents (
  doc_id text collate "C" primary key references public.documents,
  seen_at timestamptz not null default now()
);

grant insert on assay.forked_documents to assay_output;
grant select (doc_id) on assay.forked_documents to assay_output;
-- `for update skip locked` asks for the right to update.
grant select, update, delete on assay.forked_documents to assay_validator;

-- What readers see ------------------------------------------------------------------------------------------------------

create view lineage.lives as select life, reason, began_at, captured_at from assay.lives;
grant select on lineage.lives to assay_reader;

create or replace view lineage.decisions as
select decision_id, doc_id, version, verdict, fields, votes, reason, rules_version, decided_at, life from public.decisions;

create or replace view lineage.unseen as
select 'document' as kind, d.doc_id, d.ingestion_timestamp as since
  from public.documents d
 where not exists (select from assay.deliveries x where x.doc_id = d.doc_id)
union all
select 'decision', d.doc_id, d.decided_at
  from assay.heads h
  join public.decisions d on d.decision_id = h.decision_id
  left join assay.applied_decisions a on a.doc_id = h.doc_id
 where a.version is null or (a.life, a.version) < (h.life, h.version);

-- Dead letters that were replayed ---------------------------------------------------------------------------------------

-- By the message a letter is about. Begun before the message is sent, confirmed after.
create table assay.replays (
  letter text collate "C" primary key,
  read_at text not null,
  source_topic text not null,
  code text not null,
  attempt integer not null,
  is_mapped boolean not null,
  times integer not null default 1,
  begun_at timestamptz not null default now(),
  sent_at timestamptz
);

-- Rows of label files that were replayed: each lies behind the progress of its file and counts all the same, once.
create table assay.replayed_labels (
  path text collate "C" not null,
  generation integer not null,
  file_sha256 text collate "C" not null,
  row_number integer not null,
  replayed_at timestamptz not null default now(),
  primary key (path, generation, file_sha256, row_number)
);

grant select, insert on assay.replayed_labels to assay_validator;

-- The console: it reads as the reader does, and books what was replayed. It cannot become the reader.
do $$
begin
  create role assay_console nologin;
exception
  when duplicate_object or unique_violation then null;
end
$$;
grant assay_console to current_user;
grant assay_reader to assay_console with inherit true, set false;
grant usage on schema assay to assay_console;
grant select, insert, update on assay.replays to assay_console;

create view lineage.replays as
select letter, read_at, source_topic, code, attempt, is_mapped, times, begun_at, sent_at from assay.replays;
grant select on lineage.replays to assay_reader;
