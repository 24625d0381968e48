import { z } from 'zod';
import { createToolClient, type ToolAnswer, type ToolRequest, unexpectedAnswer } from '../tool-client.ts';
import { asUser } from './credentials.ts';
import { type TaskQuery, taskPath } from './domain/task-query.ts';

export interface LabelStudioAccess {
  readonly url: string;
  readonly apiKey: string;
  readonly projectId: number;
}

const projectSchema = z.object({
  title: z.string(),
  label_config: z.string(),
  maximum_annotations: z.int(),
  task_number: z.int().nullish(),
});
export type LabelStudioProject = z.output<typeof projectSchema>;

/** An annotation or a draft; whatever else is in it goes into the label file as it is. */
const answerSchema = z.looseObject({ id: z.int() });
const taskSchema = z.looseObject({
  id: z.int(),
  data: z.looseObject({ doc_id: z.unknown() }),
  updated_at: z.string(),
  annotations: z.array(answerSchema),
  drafts: z.array(z.unknown()).default([]),
});
export type LabelStudioTask = z.output<typeof taskSchema>;

const pageSchema = z.object({ tasks: z.array(taskSchema) });
const importSchema = z.object({ task_count: z.int(), task_ids: z.array(z.int()) });

/** The part of Label Studio's REST interface we use, for one project. Every failure is a PipelineError with dependency `target`. */
export interface LabelStudioApi {
  project(signal: AbortSignal): Promise<LabelStudioProject>;
  /** How many people see a task. */
  setOverlap(people: number, signal: AbortSignal): Promise<void>;
  /** Answers the ids in the order of the tasks: as many as it took, which may be fewer than were sent. */
  importTasks(tasks: string, signal: AbortSignal): Promise<readonly number[]>;
  /** Empty beyond the last page, where the server answers 404. */
  tasks(query: TaskQuery, signal: AbortSignal): Promise<readonly LabelStudioTask[]>;
  deleteTasks(ids: readonly number[], signal: AbortSignal): Promise<void>;
}

export const LABEL_STUDIO = 'Label Studio';

export function createLabelStudioApi({ url, apiKey, projectId }: LabelStudioAccess): LabelStudioApi {
  const ask = asUser(createToolClient(LABEL_STUDIO, url), apiKey);
  const projectPath = `/api/projects/${projectId}/`;

  function parsed<T>(
    schema: z.ZodType<T>,
    request: ToolRequest,
    { status, body }: Pick<ToolAnswer, 'status' | 'body'>,
  ): T {
    if (status >= 300) throw unexpectedAnswer(LABEL_STUDIO, request, status, adviceFor({ status, body }, projectId));
    const answer = schema.safeParse(body);
    if (answer.success) return answer.data;
    const where = answer.error.issues[0]?.path.join('.') ?? '';
    throw unexpectedAnswer(LABEL_STUDIO, request, status, `not as we know it (${where}); is it a version we support?`);
  }
  const read = async <T>(schema: z.ZodType<T>, request: ToolRequest, signal: AbortSignal): Promise<T> =>
    parsed(schema, request, await ask(request, signal));

  return {
    project: (signal) => read(projectSchema, { method: 'GET', path: projectPath }, signal),
    async setOverlap(people, signal) {
      await read(projectSchema, { method: 'PATCH', path: projectPath, body: { maximum_annotations: people } }, signal);
    },
    async importTasks(tasks, signal) {
      // No slash before the question mark: with one it is another address, which answers with a page for people.
      const path = `/api/projects/${projectId}/import?return_task_ids=true&commit_to_project=true`;
      return (await read(importSchema, { method: 'POST', path, body: tasks }, signal)).task_ids;
    },
    async tasks(query, signal) {
      const request: ToolRequest = { method: 'GET', path: taskPath(projectId, query) };
      const answer = await ask(request, signal);
      return answer.status === 404 && query.page > 1 ? [] : parsed(pageSchema, request, answer).tasks;
    },
    async deleteTasks(ids, signal) {
      const path = `/api/dm/actions/?id=delete_tasks&project=${projectId}`;
      const body = { selectedItems: { all: false, included: ids } };
      await read(z.unknown(), { method: 'POST', path, body }, signal);
    },
  };
}

/** Only the texts of its refusals that quote nothing we sent are told on. */
export function adviceFor({ status, body }: Pick<ToolAnswer, 'status' | 'body'>, projectId: number): string {
  if (status === 401)
    return isLegacyOff(body)
      ? 'legacy tokens are switched off there; set LABEL_STUDIO_API_KEY to a personal access token (Account & Settings).'
      : 'it does not know LABEL_STUDIO_API_KEY; take it from Account & Settings of a user that may change the project.';
  if (status === 403) return 'the user of LABEL_STUDIO_API_KEY may not do this; give it a role that may.';
  if (status === 404) return `is there a project ${projectId}, and does the user of LABEL_STUDIO_API_KEY see it?`;
  if (status === 400) return 'it does not take what was sent; was its label config changed?';
  return status >= 500 ? 'its own error; its log says which.' : 'see its log.';
}

const isLegacyOff = (body: unknown): boolean => JSON.stringify(body).includes('legacy token authentication');
