-- What is chosen once for the whole installation, in one row (ADR 0012). The first service that starts makes it; a database that
-- has been read into has the six partitions every release before had.
create table assay.installation (
  is_only boolean primary key default true check (is_only),
  partitions integer not null check (partitions between 1 and 1000),
  chosen_at timestamptz not null default now(),
  raised_at timestamptz
);

insert into assay.installation (partitions) select 6 where exists (select from assay.offsets);

grant select, insert on assay.installation to assay_ingest, assay_bridge, assay_validator, assay_output;
grant update (partitions, raised_at) on assay.installation to assay_bridge;

create view lineage.installation as select partitions, chosen_at, raised_at from assay.installation;

grant select on lineage.installation to assay_reader;

-- By how many partitions the rows of a label file were spread when it was first sent. Sent again, after a crash or because Kafka
-- lost them, they go where they went before: `file_progress` knows a row again by its partition. A path keeps its number, whatever
-- content it gets.
create table assay.label_placements (
  path text collate "C" primary key,
  partitions integer not null
);

insert into assay.label_placements (path, partitions)
select path, 6 from assay.label_files union select path, 6 from assay.file_progress;

grant select, insert on assay.label_placements to assay_bridge;
grant update (path) on assay.label_placements to assay_bridge;
