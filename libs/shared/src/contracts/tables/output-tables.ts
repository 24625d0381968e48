import { roles } from '../roles.ts';
import type { TableContract } from './table-contract.ts';

export const outputTables = {
  appliedDecisions: {
    schema: 'assay',
    name: 'applied_decisions',
    purpose: 'The newest decision output has applied to each document; older ones that arrive later are dropped.',
    owner: roles.output,
    primaryKey: ['doc_id'],
    columns: { doc_id: 'the document', version: 'of the decision', verdict: 'of the decision' },
  },
  waitingDecisions: {
    schema: 'assay',
    name: 'waiting_decisions',
    purpose:
      'Decisions whose document Postgres does not have, after a restore; each is applied when its document comes.',
    owner: roles.output,
    primaryKey: ['doc_id'],
    columns: {
      doc_id: 'the document that is missing',
      version: 'of its newest decision',
      decision: 'as its change event had it',
      since: 'when the first one was set aside',
    },
  },
  outputLines: {
    schema: 'assay',
    name: 'output_lines',
    purpose: 'Lines for consumers: the gold stream and the disagreement stream.',
    owner: roles.output,
    primaryKey: ['line_id'],
    columns: {
      line_id: 'order of writing',
      stream: 'gold or disagreements',
      doc_id: 'the document',
      version: 'of the decision that made the line',
      op: 'add or retract',
      line: 'the JSON line',
      seq: 'place in the stream, without holes; null until numbered',
      plan_id: 'the segment it is in',
      plan_row: 'its line there, from 1',
      written_at: 'when',
    },
  },
  releases: {
    schema: 'assay',
    name: 'releases',
    purpose: 'Snapshots of the training set without retracted lines.',
    owner: roles.output,
    primaryKey: ['release'],
    columns: {
      release: 'number',
      last_seq: 'gold line up to which it reaches',
      rules_versions: 'rules its lines were decided by',
      planned_at: 'when its content was fixed',
      confirmed_at: 'when its blobs were there',
    },
  },
  releaseFiles: {
    schema: 'assay',
    name: 'release_files',
    purpose: 'The files of each release, one for each format it was made in.',
    owner: roles.output,
    primaryKey: ['release', 'name'],
    columns: {
      release: 'the release',
      name: 'of the file, beside the manifest',
      format: 'what made it',
      media_type: 'of the file',
      sha256: 'of the file',
      bytes: 'its size',
      line_count: 'training examples in it',
    },
  },
} as const satisfies Record<string, TableContract>;
