import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { sample } from '../samples.ts';
import { startTestServer } from '../test-server.ts';

type Json = Record<string, unknown>;

interface FakeRecord extends Json {
  readonly id: string;
  readonly external_id: string | null;
  responses: Json[];
}

export interface FakeArgilla {
  readonly url: string;
  readonly apiKey: string;
  readonly workspace: string;
  close(): Promise<void>;
}

const API_KEY = 'argilla.apikey';
const recorded = (name: string): Json => structuredClone(sample('argilla', name).response.body) as Json;

/** Argilla 2 as far as the bridge speaks to it, answering with what a running server of 2.8.0 was recorded to answer. */
export async function startFakeArgilla(): Promise<FakeArgilla> {
  const fake = new Fake();
  const server = await startTestServer((request, body, response) => {
    const url = new URL(request.url!, 'http://fake');
    const json = body.length === 0 ? {} : (JSON.parse(body.toString()) as Json);
    // An address it does not know is answered 200 with the page of its user interface.
    const page = () => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>');
    if (!url.pathname.startsWith('/api/v1/')) return page();
    if (url.pathname === '/api/v1/version') return send(response, 200, recorded('version'));
    if (request.headers['x-argilla-api-key'] !== API_KEY) return send(response, 401, recorded('me-wrong-key-401'));
    if (!fake.answer(request.method!, url, json, response)) page();
  });
  return { url: server.url, apiKey: API_KEY, workspace: 'tickets', close: () => server.close() };
}

type Handler = (response: ServerResponse, id: string, json: Json, url: URL) => void;

class Fake {
  readonly #datasets: Json[] = [];
  readonly #children = new Map<string, Json[]>();
  readonly #records: FakeRecord[] = [];
  #hooks: Json[] = [];
  #ticks = 0;

  answer(method: string, url: URL, json: Json, response: ServerResponse): boolean {
    const [, id = ''] = /\/([0-9a-f-]{36})(?=\/|$)/.exec(url.pathname) ?? [];
    const route = `${method} ${url.pathname.replace('/api/v1', '').replace(id === '' ? /$^/ : id, ':id')}`;
    this.#routes[route]?.(response, id, json, url);
    return this.#routes[route] !== undefined;
  }

  readonly #routes: Record<string, Handler> = {
    'GET /me': (response) => send(response, 200, recorded('me')),
    'GET /webhooks': (response) => send(response, 200, { items: this.#hooks }),
    'POST /webhooks': (response, _id, json) => {
      const hook = { ...recorded('webhook-create'), ...json, id: randomUUID() };
      this.#hooks.push(hook);
      send(response, 201, hook);
    },
    'POST /webhooks/:id/ping': (response, id) => {
      const hook = this.#hooks.find((one) => one['id'] === id)!;
      void fetch(String(hook['url']), { method: 'POST', body: '{"type":"ping"}' }).catch(() => {});
      send(response, 204, undefined);
    },
    'DELETE /webhooks/:id': (response, id) => {
      this.#hooks = this.#hooks.filter((one) => one['id'] !== id);
      send(response, 200, {});
    },
    'GET /me/workspaces': (response) => send(response, 200, recorded('me-workspaces')),
    'GET /me/datasets': (response, _id, _json, url) => {
      const name = url.searchParams.get('name');
      send(response, 200, { items: this.#datasets.filter((dataset) => dataset['name'] === name) });
    },
    'POST /datasets': (response, _id, json) => {
      const dataset = { ...recorded('dataset-create'), ...json, id: randomUUID(), last_activity_at: this.#now() };
      this.#datasets.push(dataset);
      send(response, 201, dataset);
    },
    'GET /datasets/:id': (response, id) => send(response, 200, this.#dataset(id)),
    'DELETE /datasets/:id': (response, id) => send(response, 200, this.#datasets.splice(this.#at(id), 1)[0]),
    'PUT /datasets/:id/publish': (response, id) =>
      send(response, 200, Object.assign(this.#dataset(id), { status: 'ready' })),
    'POST /datasets/:id/fields': (response, id, json) => this.#addChild(response, `${id} fields`, 'field-create', json),
    'GET /datasets/:id/fields': (response, id) =>
      send(response, 200, { items: this.#children.get(`${id} fields`) ?? [] }),
    'POST /datasets/:id/questions': (response, id, json) =>
      this.#addChild(response, `${id} questions`, 'question-create-label', json),
    'GET /datasets/:id/questions': (response, id) =>
      send(response, 200, { items: this.#children.get(`${id} questions`) ?? [] }),
    'POST /datasets/:id/metadata-properties': (response, id, json) =>
      this.#addChild(response, `${id} metadata`, 'field-create', json),
    'PUT /datasets/:id/records/bulk': (response, id, json) => this.#upsert(response, id, json['items'] as Json[]),
    'POST /datasets/:id/records/search': (response, id, json) => {
      const [filter] = (json['filters'] as { and: { values: string[] }[] }).and;
      const found = this.#of(id).filter(({ external_id: name }) => filter!.values.includes(name ?? ''));
      send(response, 200, { items: found.map((record) => ({ record, query_score: 1 })), total: found.length });
    },
    'GET /datasets/:id/records': (response, id, _json, url) => {
      const [offset, limit] = ['offset', 'limit'].map((name) => Number(url.searchParams.get(name)));
      const found = this.#of(id);
      send(response, 200, { items: found.slice(offset, offset! + limit!), total: found.length });
    },
    'DELETE /datasets/:id/records': (response, _id, _json, url) => {
      const ids = url.searchParams.get('ids')!.split(',');
      this.#records.splice(0, Infinity, ...this.#records.filter((record) => !ids.includes(record.id)));
      send(response, 204, undefined);
    },
    'GET /records/:id': (response, id) => {
      const record = this.#records.find((one) => one.id === id);
      send(response, record === undefined ? 404 : 200, record ?? { detail: `Record with id \`${id}\` not found` });
    },
    'POST /records/:id/responses': (response, id, json) => {
      const record = this.#records.find((one) => one.id === id)!;
      if (record.responses.length > 0) return send(response, 409, recorded('response-create-again-409'));
      const times = { inserted_at: this.#now(), updated_at: this.#now() };
      const answer = { ...recorded('response-create-submitted'), ...json, ...times, id: randomUUID(), record_id: id };
      record.responses.push(answer);
      this.#touch(record);
      send(response, 201, answer);
    },
    'PUT /responses/:id': (response, id, json) => {
      const record = this.#records.find(({ responses }) => responses.some((one) => one['id'] === id))!;
      const answer = record.responses.find((one) => one['id'] === id)!;
      Object.assign(answer, json, { updated_at: this.#now() });
      this.#touch(record);
      send(response, 200, answer);
    },
    'DELETE /responses/:id': (response, id) => {
      const record = this.#records.find(({ responses }) => responses.some((one) => one['id'] === id))!;
      record.responses = record.responses.filter((one) => one['id'] !== id);
      this.#touch(record);
      send(response, 200, recorded('response-delete'));
    },
  };

  /** Known by external id; text is changed, responses are kept. */
  #upsert(response: ServerResponse, datasetId: string, items: readonly Json[]): void {
    if (this.#dataset(datasetId)['status'] !== 'ready' || items.length > 500) return send(response, 422, {});
    const [pattern] = recorded('records-bulk-upsert-creates')['items'] as [Json];
    const records = items.map((item) => {
      const known = this.#of(datasetId).find(({ external_id: name }) => name === item['external_id']);
      if (known !== undefined) return Object.assign(known, item, { updated_at: this.#now() });
      const own = { id: randomUUID(), dataset_id: datasetId, responses: [], external_id: String(item['external_id']) };
      const record: FakeRecord = { ...pattern, ...item, ...own };
      this.#records.push(record);
      return record;
    });
    send(response, 200, { items: records });
  }

  #addChild(response: ServerResponse, key: string, pattern: string, json: Json): void {
    const child = { ...recorded(pattern), ...json, id: randomUUID() };
    this.#children.set(key, [...(this.#children.get(key) ?? []), child]);
    send(response, 201, child);
  }

  #at(id: string): number {
    return this.#datasets.findIndex((dataset) => dataset['id'] === id);
  }

  #dataset(id: string): Json {
    return this.#datasets[this.#at(id)]!;
  }

  #of(datasetId: string): readonly FakeRecord[] {
    return this.#records.filter((record) => record['dataset_id'] === datasetId);
  }

  /** Nothing of the record itself moves. */
  #touch(record: FakeRecord): void {
    this.#dataset(String(record['dataset_id']))['last_activity_at'] = this.#now();
  }

  /** Naive UTC with microseconds, and never the same twice. */
  #now(): string {
    return `${new Date().toISOString().slice(0, -1)}${String(++this.#ticks % 1000).padStart(3, '0')}`;
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
