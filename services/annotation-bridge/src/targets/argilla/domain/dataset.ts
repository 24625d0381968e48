/** A dataset as it is made where it is missing: requests in their order, up to the one after which it takes records. */
export interface DatasetPlan {
  readonly dataset: object;
  readonly field: object;
  readonly questions: readonly object[];
  readonly metadata: readonly object[];
}

export interface DatasetWishes {
  readonly name: string;
  readonly workspaceId: string;
  readonly labels: readonly string[];
  readonly overlap: number;
  /** The question for how sure somebody is and its largest value, where the settings name one. */
  readonly confidence: { readonly name: string; readonly scale: number } | undefined;
}

/** Argilla takes at most eleven, from 0 on. */
const RATINGS_AT_MOST = 10;

export function datasetPlan({ name, workspaceId, labels, overlap, confidence }: DatasetWishes): DatasetPlan {
  const options = labels.map((label) => ({ value: label, text: label }));
  const visible = options.length > VISIBLE_AT_LEAST ? options.length : null;
  return {
    dataset: {
      name,
      workspace_id: workspaceId,
      allow_extra_metadata: true,
      distribution: { strategy: 'overlap', min_submitted: overlap },
    },
    field: { name: 'text', title: 'Ticket', required: true, settings: { type: 'text', use_markdown: false } },
    questions: [
      question('label', 'Label', true, { type: 'label_selection', options, visible_options: visible }),
      ...(confidence === undefined ? [] : [question(confidence.name, 'How sure?', false, rating(confidence.scale))]),
    ],
    metadata: [
      {
        name: 'doc_id',
        title: 'doc_id',
        settings: { type: 'terms', values: null },
        visible_for_annotators: false,
      },
    ],
  };
}

const VISIBLE_AT_LEAST = 3;

const question = (name: string, title: string, required: boolean, settings: object): object => ({
  name,
  title,
  description: null,
  required,
  settings,
});

const rating = (scale: number): object => ({
  type: 'rating',
  options: Array.from({ length: Math.min(scale, RATINGS_AT_MOST) + 1 }, (_, value) => ({ value })),
});

/** What of a dataset that is there keeps records of ours out of it, with what mends it; null where nothing does. */
export function datasetFault(found: {
  readonly status: string;
  readonly allow_extra_metadata: boolean;
  readonly fields: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly settings: { type: string };
  }[];
  readonly questions: readonly unknown[];
}): string | null {
  if (found.status !== 'ready') return 'it is not published; publish it, or delete it and let it be made.';
  const text = found.fields.find(({ name }) => name === 'text');
  if (text?.settings.type !== 'text')
    return 'it has no text field called `text`; Argilla cannot add one, make another.';
  const [other] = found.fields.filter(({ name, required }) => required && name !== 'text');
  if (other !== undefined) return `it wants a field \`${other.name}\` of every record, which no document of ours has.`;
  if (found.questions.length === 0) return 'it has no question, and nobody could answer one.';
  if (!found.allow_extra_metadata) return 'it allows no extra metadata; allow it in its settings.';
  return null;
}
