-- A release has one file for each format it was made in. Until now it had one file, whose digest and size stood in its own row.

create table assay.release_files (
  release integer not null references assay.releases,
  name text collate "C" not null,
  format text collate "C" not null,
  media_type text not null,
  sha256 text not null,
  bytes bigint not null,
  line_count integer not null,
  primary key (release, name)
);

grant select, insert on assay.release_files to assay_output;

insert into assay.release_files (release, name, format, media_type, sha256, bytes, line_count)
select release, 'clean_training_dataset.jsonl', 'jsonl', 'application/x-ndjson; charset=utf-8', sha256, bytes, line_count
  from assay.releases;

alter table assay.releases drop column sha256, drop column bytes, drop column line_count;
