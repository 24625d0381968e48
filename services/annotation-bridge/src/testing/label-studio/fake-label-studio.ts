import type { ServerResponse } from 'node:http';
import { sample } from '../samples.ts';
import { startTestServer } from '../test-server.ts';
import { FakeTasks, type Json } from './fake-tasks.ts';

export interface FakeLabelStudio {
  readonly url: string;
  readonly projectId: number;
  readonly legacyToken: string;
  readonly personalToken: string;
  /** Access tokens it has given are no good any more, as after five minutes. */
  expireAccess(): void;
  changeProject(changes: Json): void;
  /** Refuses webhooks to private addresses, as it does unless it is told otherwise. */
  protect(): void;
  /** An import commits only so many of its tasks, and says so. */
  takeOnly(tasks: number): void;
  close(): Promise<void>;
}

const PROJECT_ID = 1;
const LEGACY_TOKEN = 'a'.repeat(40);
const PERSONAL_TOKEN = `eyJhbGciOiJIUzI1NiJ9.${'b'.repeat(20)}.${'c'.repeat(20)}`;

const recorded = (name: string): Json => structuredClone(sample('label-studio', name).response.body) as Json;

/** Label Studio as far as the bridge speaks to it, answering with what a running server of 1.23.2 was recorded to answer. */
export async function startFakeLabelStudio(): Promise<FakeLabelStudio> {
  const fake = new Fake();
  const server = await startTestServer((request, body, response) => {
    const url = new URL(request.url!, 'http://fake');
    const json = body.length === 0 ? undefined : (JSON.parse(body.toString()) as unknown);
    fake.answer({ method: request.method!, url, json, authorization: request.headers.authorization ?? '' }, response);
  });
  return {
    url: server.url,
    projectId: PROJECT_ID,
    legacyToken: LEGACY_TOKEN,
    personalToken: PERSONAL_TOKEN,
    expireAccess: () => fake.expireAccess(),
    changeProject: (changes) => Object.assign(fake.project, changes),
    protect: () => void (fake.isProtected = true),
    takeOnly: (tasks) => void (fake.takes = tasks),
    close: () => server.close(),
  };
}

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly json: unknown;
  readonly authorization: string;
}

class Fake {
  readonly project: Json = recorded('project-create');
  takes = Number.POSITIVE_INFINITY;
  isProtected = false;
  readonly #hooks: Json[] = [];
  readonly #tasks = new FakeTasks();
  #access = 1;

  expireAccess(): void {
    this.#access++;
  }

  answer(asked: Asked, response: ServerResponse): void {
    if (asked.url.pathname === '/api/token/refresh/') return this.#refresh(asked, response);
    if (asked.url.pathname === '/api/version/') return send(response, 200, recorded('version'));
    if (asked.authorization === '' || asked.authorization.startsWith('Bearer')) {
      if (asked.authorization !== `Bearer access-${this.#access}`)
        return send(response, 401, recorded('auth-none-401'));
    } else if (asked.authorization !== `Token ${LEGACY_TOKEN}`) {
      return send(response, 401, recorded('auth-bad-legacy-token-401'));
    }
    const route = `${asked.method} ${asked.url.pathname.replace(/\/\d+(?=\/|$)/g, '/:id')}`;
    const handler = this.#routes[route];
    // An address it does not know is answered with a page.
    if (handler === undefined)
      return void response.writeHead(404, { 'content-type': 'text/html' }).end('<html></html>');
    handler(asked, response, Number(/\/(\d+)(?=\/|$)/.exec(asked.url.pathname)?.[1]));
  }

  #refresh({ json }: Asked, response: ServerResponse): void {
    if ((json as Json)['refresh'] !== PERSONAL_TOKEN) return send(response, 401, recorded('auth-pat-refresh-bad-401'));
    send(response, 200, { access: `access-${this.#access}` });
  }

  readonly #routes: Record<string, (asked: Asked, response: ServerResponse, id: number) => void> = {
    'GET /api/projects/:id/': (_asked, response, id) =>
      id === PROJECT_ID ? send(response, 200, this.project) : send(response, 404, recorded('not-found-404')),
    'PATCH /api/projects/:id/': ({ json }, response) => {
      send(response, 200, Object.assign(this.project, json));
      for (const { url } of this.#hooks)
        void fetch(String(url), { method: 'POST', body: '{"action":"PROJECT_UPDATED"}' }).catch(() => {});
    },
    'GET /api/current-user/whoami': (_asked, response) => send(response, 200, recorded('auth-whoami-legacy-token')),
    'GET /api/webhooks/': (_asked, response) => send(response, 200, this.#hooks),
    'POST /api/webhooks/': ({ json }, response) => {
      if (this.isProtected) return send(response, 403, recorded('ssrf-webhook-create-loopback-403'));
      const hook = { ...recorded('webhook-create'), ...(json as Json), id: this.#hooks.length + 1 };
      this.#hooks.push(hook);
      send(response, 201, hook);
    },
    'DELETE /api/webhooks/:id/': (_asked, response, id) => {
      this.#hooks.splice(
        this.#hooks.findIndex((hook) => hook['id'] === id),
        1,
      );
      send(response, 204, undefined);
    },
    'POST /api/projects/:id/import': (asked, response) => this.#import(asked.json as Json[], response),
    'GET /api/tasks': ({ url }, response) => {
      const page = this.#tasks.page(url.searchParams);
      if (page === null) send(response, 404, recorded('tasks-page-beyond-end-404'));
      else send(response, 200, { total_annotations: 0, total_predictions: 0, ...page });
    },
    'POST /api/dm/actions/': ({ json }, response) => {
      const { included } = (json as { selectedItems: { included: number[] } }).selectedItems;
      send(response, 200, { ...recorded('dm-delete-tasks'), processed_items: this.#tasks.remove(included) });
    },
    'DELETE /api/tasks/:id/': (_asked, response, id) => {
      this.#tasks.remove([id]);
      send(response, 204, undefined);
    },
    'POST /api/tasks/:id/annotations/': ({ json }, response, id) =>
      send(response, 201, this.#tasks.annotate(this.#tasks.find(id)!, json as Json)),
    'POST /api/tasks/:id/drafts': ({ json }, response, id) => {
      const draft = { ...recorded('draft-create'), ...(json as Json), task: id };
      this.#tasks.find(id)!.drafts.push(draft);
      send(response, 201, draft);
    },
    'PATCH /api/annotations/:id/': ({ json }, response, id) =>
      send(response, 200, this.#tasks.change(this.#tasks.ofAnnotation(id)!, id, json as Json)),
    'DELETE /api/annotations/:id/': (_asked, response, id) => {
      this.#tasks.removeAnnotation(this.#tasks.ofAnnotation(id)!, id);
      send(response, 204, undefined);
    },
  };

  /** No idempotency, all of a request or none of it, and every `$variable` must be there and not null. */
  #import(tasks: readonly Json[], response: ServerResponse): void {
    if (tasks.length === 0) return send(response, 400, recorded('import-empty-400'));
    const data = tasks.map((task) => task['data'] as Json);
    const shown = [...String(this.project['label_config']).matchAll(/"\$(\w+)"/g)].map(([, name]) => name!);
    if (data.some((one) => shown.some((name) => one[name] === null || one[name] === undefined)))
      return send(response, 400, recorded('import-missing-variable-400'));
    const added = data.slice(0, this.takes).map((one) => this.#tasks.add(one).id);
    this.takes = Number.POSITIVE_INFINITY;
    const answer = recorded('import-task-with-prediction-and-annotation');
    const counts = { task_count: added.length, annotation_count: 0, prediction_count: 0 };
    send(response, 201, { ...answer, ...counts, task_ids: added });
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(status === 204 ? undefined : JSON.stringify(body));
}
