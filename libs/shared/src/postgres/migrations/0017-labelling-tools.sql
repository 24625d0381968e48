-- What labelling tools hold more than once, and what comes back from them.

-- A request that was cut off may be carried out after the next try looked, so a batch that was tried more than once is looked
-- after: copies that nobody has worked on are taken away at the target. Null until then.
alter table assay.batches add column looked_after_at timestamptz;

create index batches_to_look_after on assay.batches (target, sent_at)
 where tries > 1 and sent_at is not null and looked_after_at is null;
