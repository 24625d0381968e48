-- Readers see what was noticed in each label file, such as how many personal values of which kinds were masked in its rows.

create or replace view lineage.label_files as
select f.path, f.sha256, f.bytes, f.status, f.reason, f.row_count, f.published_count, f.rejected_count, f.read_at,
       coalesce(sum(p.row_count), 0)::integer as settled_count,
       coalesce(sum(p.duplicate_count), 0)::integer as duplicate_count,
       f.notes
  from assay.label_files f
  left join assay.file_progress p on p.path = f.path and p.file_sha256 = f.sha256
 group by f.path, f.sha256;
