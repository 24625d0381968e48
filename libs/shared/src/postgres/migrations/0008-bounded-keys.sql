-- An index row holds 2,704 bytes. Whatever a label file says, no key of ours is longer: labels and annotators enter keys as
-- digests, and what is shown of a long label is its beginning and its digest.

-- Equal labels stay equal and others do not. Votes are judged, counted and shown by this; the whole label stays in
-- `annotations`, and a decision carries it where all live votes say the same.
create function assay.short_label(label text)
returns text
language sql stable strict
as $$
  select case
           when octet_length(label) <= 4096 then label
           else left(label, 64) || '…sha256:' || encode(sha256(convert_to(label, 'UTF8')), 'hex')
         end
$$;

revoke execute on function assay.short_label(text) from public;
grant execute on function assay.short_label(text) to assay_validator;

-- Agreement counts ----------------------------------------------------------------------------------------------------

alter table assay.agreement_counts
  add column key_digest text collate "C",
  add column pair_digest text collate "C";

update assay.agreement_counts
   set key = case kind
         when 'item' then (
           select '[' || string_agg(to_json(label)::text, ',' order by label collate "C") || ']'
             from (select assay.short_label(said) as label from json_array_elements_text(key::json) as said) as labels)
         when 'pair' then (
           select '[' || string_agg(
                    '[' || to_json(vote ->> 0)::text || ',' || to_json(assay.short_label(vote ->> 1))::text || ']', ',' order by place) || ']'
             from json_array_elements(key::json) with ordinality as votes (vote, place))
       end
 where kind in ('item', 'pair') and octet_length(key) > 4096;

-- As decisions/domain/count-votes.ts makes them.
update assay.agreement_counts
   set key_digest = left(encode(sha256(convert_to(kind || E'\n' || key || E'\n' || field, 'UTF8')), 'hex'), 32),
       pair_digest = case when kind = 'pair' then left(encode(sha256(convert_to(
         '[' || (key::json #> '{0,0}')::text || ',' || (key::json #> '{1,0}')::text || ']' || E'\n' || field,
         'UTF8')), 'hex'), 32) end;

alter table assay.agreement_counts
  alter column key_digest set not null,
  drop constraint agreement_counts_pkey,
  add primary key (shard, key_digest),
  add constraint pairs_have_digest check ((kind = 'pair') = (pair_digest is not null));

create index agreement_counts_by_pair on assay.agreement_counts (pair_digest) where pair_digest is not null;

-- Withdrawals -----------------------------------------------------------------------------------------------------------

-- Where a vote was made: equal rows are one vote, and each may have an id of its own in a tool ('' for a row that has none).
-- It is withdrawn when all of them are, or the equal row is.
create table assay.vote_origins (
  annotation_id text collate "C" not null references public.annotations,
  tool text collate "C" not null,
  tool_annotation_id text collate "C" not null,
  primary key (annotation_id, tool, tool_annotation_id)
);

create index vote_origins_by_tool_id on assay.vote_origins (tool, tool_annotation_id) where tool_annotation_id <> '';
grant select, insert on assay.vote_origins to assay_validator;

insert into assay.vote_origins (annotation_id, tool, tool_annotation_id)
select annotation_id, tool, coalesce(tool_annotation_id, '') from public.annotations;

-- Labels that wait ------------------------------------------------------------------------------------------------------

create index unmatched_labels_by_age on assay.unmatched_labels (waiting_since);
