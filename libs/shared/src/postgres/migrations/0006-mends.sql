-- What `assay reconcile --mend` asks for: the rows of this file are sent once more. The validator knows those it has.
alter table assay.label_files add column is_wanted_again boolean not null default false;
create index label_files_wanted_again on assay.label_files (path) where is_wanted_again;
grant update (is_wanted_again, etag) on assay.label_files to assay_bridge;

-- After a restore Kafka may know decisions whose document Postgres does not have. Each waits here for its document, the newest
-- of a document only, and keeps no other one waiting. `json`, because jsonb refuses NUL and sorts keys.
create table assay.waiting_decisions (
  doc_id text collate "C" primary key,
  version integer not null,
  decision json not null,
  since timestamptz not null default now()
);

grant select, insert, update, delete on assay.waiting_decisions to assay_output;

create view lineage.waiting_decisions as
select doc_id, version, since from assay.waiting_decisions;

grant select on lineage.waiting_decisions to assay_reader;
