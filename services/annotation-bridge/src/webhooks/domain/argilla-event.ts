import { z } from 'zod';
import { type Hints, NO_HINTS } from '../webhook-receiver.ts';

const dataset = z.looseObject({ name: z.string(), workspace: z.looseObject({ name: z.string() }) });
const record = z.looseObject({ id: z.string(), dataset });

const eventSchema = z.union([
  z
    .object({ type: z.string().startsWith('response.'), data: z.looseObject({ record }) })
    .transform(({ data }) => data.record),
  z.object({ type: z.string().startsWith('record.'), data: record }).transform(({ data }) => data),
]);

/** The record to look at. One answer makes two or three events, and every webhook of the server sees all of its datasets. */
export function argillaHints(body: unknown, ours: { readonly workspace: string; readonly name: string }): Hints {
  const event = eventSchema.safeParse(body);
  if (!event.success) return NO_HINTS;
  const { id, dataset: of } = event.data;
  return of.name === ours.name && of.workspace.name === ours.workspace ? { items: [id], answers: [] } : NO_HINTS;
}
