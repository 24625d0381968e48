import { z } from 'zod';
import { type Hints, NO_HINTS } from '../webhook-receiver.ts';

const withId = z.looseObject({ id: z.int() });
/** Of a bulk action both are lists, under the same names. */
const oneOrMore = z.union([withId.transform((one) => [one]), z.array(withId)]);
const project = withId;

const eventSchema = z.discriminatedUnion('action', [
  z.object({
    action: z.enum(['ANNOTATION_CREATED', 'ANNOTATIONS_CREATED', 'ANNOTATION_UPDATED']),
    task: oneOrMore,
    project,
  }),
  z.object({ action: z.literal('ANNOTATIONS_DELETED'), annotations: z.array(withId), project }),
  z.object({ action: z.literal('TASKS_DELETED'), tasks: z.array(withId), project }),
]);

/**
 * What an event of Label Studio says about answers of our project. Deletions name ids alone. Others (PROJECT_UPDATED, or a hook
 * without its payload) say nothing that the next pull does not see.
 */
export function labelStudioHints(body: unknown, projectId: number): Hints {
  const parsed = eventSchema.safeParse(body);
  if (!parsed.success || parsed.data.project.id !== projectId) return NO_HINTS;
  const event = parsed.data;
  switch (event.action) {
    case 'ANNOTATIONS_DELETED':
      return { items: [], answers: event.annotations.map(({ id }) => String(id)) };
    case 'TASKS_DELETED':
      return { items: event.tasks.map(({ id }) => String(id)), answers: [] };
    default:
      return { items: event.task.map(({ id }) => String(id)), answers: [] };
  }
}
