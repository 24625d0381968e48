-- What `assay reconcile --mend` asks for: the rows of this file are sent once more. The validator knows those it has.
alter table assay.label_files add column is_wanted_again boolean not null default false;
create index label_files_wanted_again on assay.label_files (path) where is_wanted_again;
grant update (is_wanted_again, etag) on assay.label_files to assay_bridge;
