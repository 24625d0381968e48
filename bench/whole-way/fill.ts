import type { SystemBed } from '@assay/e2e/support/system-bed';

const AT_ONCE = 50_000;

/**
 * Makes a database as large as one that has `count` documents with two votes each: rows as the services write them, under keys
 * as random as theirs, straight into the tables. They are taken out of the publication meanwhile, so Debezium reads past them,
 * and the account does not add up afterwards: no lane ever received them.
 */
export async function fillTo(bed: SystemBed, count: number): Promise<void> {
  const query = (text: string) => bed.database.query<Record<string, number>>(text);
  const { rows } = await query('select count(*)::integer as there from public.documents');
  const publication = await query(`select attnames from pg_publication_tables where pubname = 'assay'`);
  if (publication.rows.length === 0) throw new Error('the publication assay is not there');
  const columns = async (table: string) =>
    (
      await bed.database.query<{ columns: string }>(
        `select array_to_string(attnames, ', ') as columns from pg_publication_tables where pubname = 'assay' and tablename = $1`,
        [table],
      )
    ).rows[0]!.columns;
  const [documents, decisions] = [await columns('documents'), await columns('decisions')];
  await query('alter publication assay drop table public.documents, public.decisions');
  for (let there = rows[0]!['there']!; there < count; there += AT_ONCE)
    for (const text of insertsOf(there, Math.min(AT_ONCE, count - there))) await query(text);
  await query(`alter publication assay add table public.documents (${documents}), public.decisions (${decisions})`);
  await query('analyze');
}

const DOC = `md5('filled ' || n)`;
const VOTE = `md5(who || ' filled ' || n)`;
const VALUE = `(array['billing', 'bug', 'shipping', 'account', 'other'])[n % 5 + 1]`;
const LIVE = `jsonb_build_object('annotation_id', ${VOTE}, 'annotator_id', who, 'field', 'label', 'label', 'choice:' || ${VALUE},
       'value', ${VALUE}, 'confidence_score', 0.9, 'row', 'filled/' || n / 5000 || '.csv#' || n % 5000 + 1, 'status', 'live')`;

/** One statement a table, in the order of their foreign keys. */
function insertsOf(from: number, count: number): readonly string[] {
  const numbers = `generate_series(${from + 1}, ${from + count}) as n`;
  const votes = `${numbers} cross join (values ('ann'), ('ben')) as voter (who)`;
  const batch = `md5('batch ${from}')::uuid`;
  return [
    `insert into public.documents (doc_id, source, ticket_id, text, text_hash, priority, fields, masked, bronze_path)
     select ${DOC}, 'filled', 'F-' || n, repeat('The invoice ' || n || ' is wrong and nobody answers. ', 8), md5('text ' || n),
            5, '{"channel": "email"}', '{"counts": {}, "places": []}', 'filled#' || n from ${numbers}`,
    `insert into assay.batches (batch_id, target, document_count, leased_until, sent_at)
     values (${batch}, 'files', ${count}, now(), now())`,
    `insert into assay.deliveries (doc_id, target, priority, batch_id, batch_row)
     select ${DOC}, 'files', 5, ${batch}, n - ${from} from ${numbers}`,
    `insert into public.annotations (annotation_id, doc_id, annotator_id, field, label, value, confidence_score,
            raw_annotation_path, raw_row, file_sha256, tool, generation)
     select ${VOTE}, ${DOC}, who, 'label', 'choice:' || ${VALUE}, to_jsonb(${VALUE}), 0.9, 'filled/' || n / 5000 || '.csv',
            n % 5000 + 1, md5('file ' || n / 5000) || md5('file'), 'file', 1 from ${votes}`,
    `insert into assay.standings (annotation_id, doc_id, status, reason) select ${VOTE}, ${DOC}, 'live', 'confident' from ${votes}`,
    `insert into public.decisions (decision_id, doc_id, version, verdict, fields, votes, reason, rules_version)
     select ${DOC} || '.' || version, ${DOC}, version, 'gold',
            jsonb_build_object('label', jsonb_build_object('verdict', 'gold', 'label', ${VALUE}, 'labels', jsonb_build_array(${VALUE}),
              'confidence_score', 0.9, 'annotators', case version when 1 then '["ann"]' else '["ann", "ben"]' end::jsonb)),
            (select jsonb_agg(${LIVE}) from (values ('ann'), ('ben')) as voter (who) where version = 2 or who = 'ann'),
            'label: gold (2 live votes, 1 label, 2 at 0.8 or more)', 'default/1 threshold=0.8 annotators=1 confident=1 fields=any'
       from ${numbers} cross join (values (1), (2)) as made (version)`,
    `insert into assay.heads (doc_id, version, verdict, decision_id) select ${DOC}, 2, 'gold', ${DOC} || '.2' from ${numbers}`,
    `insert into public.quality_metrics (annotation_id, doc_id, status, reason, confidence_score, decision_id)
     select ${VOTE}, ${DOC}, 'live', 'confident', 0.9, ${DOC} || case who when 'ann' then '.1' else '.2' end from ${votes}`,
    `insert into assay.applied_decisions (doc_id, version, verdict) select ${DOC}, 2, 'gold' from ${numbers}`,
    // One transaction: lines without a segment would be rolled into one by the service.
    `with ends as (
       update assay.streams set last_seq = last_seq + ${2 * count} where stream = 'gold' returning last_seq - ${2 * count} as before
     )
     insert into assay.output_lines (stream, seq, doc_id, version, op, line)
     select 'gold', before + row_number() over (order by n, version), ${DOC}, version, 'add',
            '{"v":1,"op":"add","doc_id":"' || ${DOC} || '","version":' || version || ',"text":"'
              || repeat('The invoice ' || n || ' is wrong and nobody answers. ', 8) || '","label":"' || ${VALUE} || '"}'
       from ends, ${numbers} cross join (values (1), (2)) as made (version);
     insert into assay.segments (stream, number, first_seq, last_seq, stream_bytes, blob_name, sha256, confirmed_at)
     select 'gold', coalesce(max(number), 0) + 1, coalesce(max(last_seq), 0) + 1, (select last_seq from assay.streams where stream = 'gold'),
            0, 'filled/${from}', 'filled', now()
       from assay.segments where stream = 'gold';
     update assay.segments set stream_bytes = (select bytes from assay.streams where stream = 'gold')
      where stream = 'gold' and blob_name = 'filled/${from}'`,
  ];
}
