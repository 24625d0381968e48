import { readLabelStudioTasks } from './label-studio-reader.ts';
import { encodeLabelStudioTasks } from './label-studio-writer.ts';
import type { Codec } from './verified-write.ts';
import { verified } from './verified-write.ts';

const codec: Codec = {
  name: 'label-studio',
  summary: 'Label Studio JSON: tasks with annotations (export and import)',
  hasAside: true,
  reasons: {
    label: 'an answer without a span has no region, and the control for the confidence is no field',
    docId: 'the id has another name or type in the task data',
    annotator: 'no e-mail and no user id of Label Studio',
    confidence: 'Label Studio keeps no confidence per annotation; name a control for it with --confidence-control',
    partConfidences: 'Label Studio keeps no confidence per region of an annotation',
    annotatedAt: 'Label Studio sets the time of an annotation itself',
    value: 'the control reads back as another kind of label',
    extra: 'belongs to another tool',
  },
  read: readLabelStudioTasks,
  encode: encodeLabelStudioTasks,
};

export const labelStudioJson = verified(codec);
