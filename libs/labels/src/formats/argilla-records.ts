import { readArgillaRecords } from './argilla-reader.ts';
import { encodeArgillaRecords } from './argilla-writer.ts';
import type { Codec } from './verified-write.ts';
import { verified } from './verified-write.ts';

const codec: Codec = {
  name: 'argilla',
  summary: 'Argilla 2.x records with responses (list, search and bulk bodies, SDK export)',
  hasAside: true,
  reasons: {
    label: 'Argilla takes one answer per user and question',
    annotator: 'no user of Argilla: create one and give it this id, or replace the id',
    confidence: 'Argilla keeps no confidence per response; name a rating question for it with --confidence-control',
    partConfidences: 'Argilla keeps no confidence per response',
    annotatedAt: 'one time per response',
    value: 'the answer reads back as another kind of label',
    extra: 'belongs to another tool, or is no metadata',
  },
  read: readArgillaRecords,
  encode: encodeArgillaRecords,
};

export const argillaRecords = verified(codec);
