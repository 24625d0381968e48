import { randomUUID } from 'node:crypto';
import type { DatasetSettings } from '../../targets/argilla/argilla-dataset.ts';
import { startFakeArgilla } from './fake-argilla.ts';

/** An Argilla in whose workspace there is no dataset of ours yet, real or fake, and what people do in it. */
export interface ArgillaUnderTest {
  readonly url: string;
  readonly apiKey: string;
  readonly dataset: DatasetSettings;
  /** All records of our dataset, where it is there, with their responses. */
  records(): Promise<readonly ShownRecord[]>;
  ask(method: string, path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

export interface ShownRecord {
  readonly id: string;
  readonly external_id: string;
}

/** A server somebody runs for the specs, such as CI; without one, specs of the real server are left out by name. */
export const realArgilla = (): { readonly url: string; readonly apiKey: string } | null => {
  const { ARGILLA_TEST_URL: url, ARGILLA_TEST_API_KEY: apiKey } = process.env;
  return url && apiKey ? { url, apiKey } : null;
};

export const LEFT_OUT = '(left out: set ARGILLA_TEST_URL and ARGILLA_TEST_API_KEY)';

export async function realArgillaWorkspace(): Promise<ArgillaUnderTest> {
  const { url, apiKey } = realArgilla()!;
  const ask = asking(url, apiKey);
  const workspace = `assay-${randomUUID().slice(0, 8)}`;
  await ask('POST', '/api/v1/workspaces', { name: workspace });
  return underTest(url, apiKey, workspace, async () => {});
}

export async function fakeArgillaWorkspace(): Promise<ArgillaUnderTest> {
  const fake = await startFakeArgilla();
  return underTest(fake.url, fake.apiKey, fake.workspace, () => fake.close());
}

function underTest(url: string, apiKey: string, workspace: string, stop: () => Promise<void>): ArgillaUnderTest {
  const ask = asking(url, apiKey);
  const confidence = { name: 'confidence', scale: 10 };
  const dataset = { workspace, name: 'tickets', labels: ['billing', 'bug'], overlap: 1, confidence };
  async function find(): Promise<{ readonly id: string } | undefined> {
    const workspaces = (await ask('GET', '/api/v1/me/workspaces')) as { items: { id: string; name: string }[] };
    const id = workspaces.items.find(({ name }) => name === workspace)!.id;
    const found = await ask('GET', `/api/v1/me/datasets?workspace_id=${id}&name=tickets`);
    return (found as { items: { id: string }[] }).items[0];
  }
  return {
    url,
    apiKey,
    dataset,
    ask,
    async records() {
      const found = await find();
      if (found === undefined) return [];
      const page = await ask('GET', `/api/v1/datasets/${found.id}/records?include=responses&offset=0&limit=1000`);
      return (page as { items: ShownRecord[] }).items;
    },
    async close() {
      const found = await find();
      if (found !== undefined) await ask('DELETE', `/api/v1/datasets/${found.id}`);
      await stop();
    },
  };
}

const asking =
  (url: string, apiKey: string) =>
  async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const headers = { 'x-argilla-api-key': apiKey, 'content-type': 'application/json' };
    const asked = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const answer = await fetch(`${url}${path}`, asked);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    return text === '' ? null : (JSON.parse(text) as unknown);
  };
