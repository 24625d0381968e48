-- Foreign keys of private tables are held by the transactions that write them: each reads the document, or writes the vote or
-- the batch, that its row points at, and none of those is ever deleted. The lineage tables keep theirs.
alter table assay.deliveries
  drop constraint deliveries_doc_id_fkey,
  drop constraint deliveries_batch_id_fkey;

alter table assay.heads
  drop constraint heads_doc_id_fkey,
  -- A head is opened to be locked, and moved in the same transaction: with room beside it, its index is not touched again.
  set (fillfactor = 60);

alter table assay.standings
  drop constraint standings_annotation_id_fkey,
  drop constraint standings_doc_id_fkey;

alter table assay.vote_places drop constraint vote_places_annotation_id_fkey;
alter table assay.applied_decisions set (fillfactor = 70);
alter table assay.agreement_counts set (fillfactor = 50);

-- Nobody looks by this: standings are found by their vote.
drop index assay.standings_by_document;
