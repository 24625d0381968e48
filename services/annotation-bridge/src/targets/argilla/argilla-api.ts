import { z } from 'zod';
import { createToolClient, type ToolAnswer, type ToolRequest, unexpectedAnswer } from '../tool-client.ts';
import type { DatasetPlan } from './domain/dataset.ts';
import type { OutgoingRecord } from './domain/outgoing-records.ts';

export interface ArgillaAccess {
  readonly url: string;
  readonly apiKey: string;
}

const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });
const named = z.looseObject({ id: z.string(), name: z.string() });
const fieldSchema = z.looseObject({
  name: z.string(),
  required: z.boolean(),
  settings: z.looseObject({ type: z.string() }),
});
const datasetSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  allow_extra_metadata: z.boolean(),
  last_activity_at: z.string(),
});
export type ArgillaDataset = z.output<typeof datasetSchema>;

const responseSchema = z.looseObject({ id: z.string() });
const recordSchema = z.looseObject({
  id: z.string(),
  external_id: z.string().nullable(),
  responses: z.array(responseSchema).default([]),
});
export type ArgillaRecord = z.output<typeof recordSchema>;

const searchSchema = listOf(z.object({ record: recordSchema }));

/** The part of Argilla's REST interface (2.x) we use. Every failure is a PipelineError with dependency `target`. */
export interface ArgillaApi {
  workspace(name: string, signal: AbortSignal): Promise<string | null>;
  dataset(workspaceId: string, name: string, signal: AbortSignal): Promise<ArgillaDataset | null>;
  datasetById(id: string, signal: AbortSignal): Promise<ArgillaDataset>;
  fields(datasetId: string, signal: AbortSignal): Promise<readonly z.output<typeof fieldSchema>[]>;
  questions(datasetId: string, signal: AbortSignal): Promise<readonly z.output<typeof named>[]>;
  makeDataset(plan: DatasetPlan, signal: AbortSignal): Promise<ArgillaDataset>;
  /** Makes records or changes those of the same external id: the same request twice makes nothing twice. */
  upsert(datasetId: string, records: readonly OutgoingRecord[], signal: AbortSignal): Promise<readonly ArgillaRecord[]>;
  /** By the search index, which may lack records that are there. */
  searchExternalIds(datasetId: string, ids: readonly string[], signal: AbortSignal): Promise<readonly ArgillaRecord[]>;
  /** With their responses, in the order in which they were made. */
  records(datasetId: string, offset: number, limit: number, signal: AbortSignal): Promise<readonly ArgillaRecord[]>;
  /** Null where it is gone. */
  record(id: string, signal: AbortSignal): Promise<ArgillaRecord | null>;
}

export const ARGILLA = 'Argilla';

export function createArgillaApi({ url, apiKey }: ArgillaAccess): ArgillaApi {
  const client = createToolClient(ARGILLA, url);
  const ask = (request: ToolRequest, signal: AbortSignal): Promise<ToolAnswer> =>
    client.ask({ ...request, headers: { 'x-argilla-api-key': apiKey } }, signal);

  function parsed<T>(
    schema: z.ZodType<T>,
    request: ToolRequest,
    { status, body }: Pick<ToolAnswer, 'status' | 'body'>,
  ): T {
    if (status >= 300) throw unexpectedAnswer(ARGILLA, request, status, adviceFor(status));
    const answer = schema.safeParse(body);
    if (answer.success) return answer.data;
    const where = answer.error.issues[0]?.path.join('.') ?? '';
    throw unexpectedAnswer(ARGILLA, request, status, `not as we know it (${where}); is it a version 2 we support?`);
  }
  const read = async <T>(schema: z.ZodType<T>, request: ToolRequest, signal: AbortSignal): Promise<T> =>
    parsed(schema, request, await ask(request, signal));
  const get = <T>(schema: z.ZodType<T>, path: string, signal: AbortSignal): Promise<T> =>
    read(schema, { method: 'GET', path }, signal);
  const post = <T>(schema: z.ZodType<T>, path: string, body: object, signal: AbortSignal): Promise<T> =>
    read(schema, { method: 'POST', path, body }, signal);

  return {
    async workspace(name, signal) {
      const { items } = await get(listOf(named), '/api/v1/me/workspaces', signal);
      return items.find((one) => one.name === name)?.id ?? null;
    },
    async dataset(workspaceId, name, signal) {
      const path = `/api/v1/me/datasets?workspace_id=${workspaceId}&name=${encodeURIComponent(name)}`;
      return (await get(listOf(datasetSchema), path, signal)).items.find((one) => one.name === name) ?? null;
    },
    datasetById: (id, signal) => get(datasetSchema, `/api/v1/datasets/${id}`, signal),
    fields: async (id, signal) => (await get(listOf(fieldSchema), `/api/v1/datasets/${id}/fields`, signal)).items,
    questions: async (id, signal) => (await get(listOf(named), `/api/v1/datasets/${id}/questions`, signal)).items,

    async makeDataset({ dataset, field, questions, metadata }, signal) {
      const { id } = await post(datasetSchema, '/api/v1/datasets', dataset, signal);
      const path = `/api/v1/datasets/${id}`;
      await post(named, `${path}/fields`, field, signal);
      for (const question of questions) await post(named, `${path}/questions`, question, signal);
      for (const property of metadata) await post(named, `${path}/metadata-properties`, property, signal);
      return read(datasetSchema, { method: 'PUT', path: `${path}/publish` }, signal);
    },
    async upsert(id, records, signal) {
      const request: ToolRequest = {
        method: 'PUT',
        path: `/api/v1/datasets/${id}/records/bulk`,
        body: { items: records },
      };
      return (await read(listOf(recordSchema), request, signal)).items;
    },
    async searchExternalIds(id, ids, signal) {
      const scope = { entity: 'record', property: 'external_id' };
      const body = { filters: { and: [{ type: 'terms', scope, values: ids }] } };
      const path = `/api/v1/datasets/${id}/records/search?offset=0&limit=${ids.length}`;
      return (await post(searchSchema, path, body, signal)).items.map(({ record }) => record);
    },
    async records(id, offset, limit, signal) {
      const path = `/api/v1/datasets/${id}/records?include=responses&offset=${offset}&limit=${limit}`;
      return (await get(listOf(recordSchema), path, signal)).items;
    },
    async record(id, signal) {
      const request: ToolRequest = { method: 'GET', path: `/api/v1/records/${id}` };
      const answer = await ask(request, signal);
      return answer.status === 404 ? null : parsed(recordSchema, request, answer);
    },
  };
}

/** Its own words may quote a record. */
export function adviceFor(status: number): string {
  if (status === 401)
    return 'it does not know ARGILLA_API_KEY; take it from My settings of a user that owns the workspace.';
  if (status === 403) return 'the user of ARGILLA_API_KEY may not do this; it needs to own the workspace.';
  if (status === 404) return 'what was there before is gone; was the dataset deleted?';
  if (status === 409) return 'somebody else has just made it; the next try finds it.';
  if (status === 422) return 'it does not take what was sent: do the properties of the dataset fit our metadata?';
  // It may have done what was asked all the same.
  return status >= 500 ? 'its own error; its log says which, and what was done is looked up.' : 'see its log.';
}
