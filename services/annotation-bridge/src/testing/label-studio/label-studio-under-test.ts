import { startFakeLabelStudio } from './fake-label-studio.ts';

/** A project of a Label Studio that holds nothing yet, real or fake, and what people do in it. */
export interface LabelStudioUnderTest {
  readonly url: string;
  readonly apiKey: string;
  readonly projectId: number;
  /** All tasks, as the server shows them. */
  readonly tasks: () => Promise<readonly ShownTask[]>;
  readonly ask: (method: string, path: string, body?: unknown) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

export interface ShownTask {
  readonly id: number;
  readonly data: { readonly doc_id: string };
}

const LABEL_CONFIG =
  '<View><Text name="text" value="$text"/><Choices name="label" toName="text" choice="single"><Choice value="billing"/><Choice value="bug"/></Choices><Rating name="confidence" toName="text" maxRating="5"/></View>';

/** A server somebody runs for the specs, such as CI; without one, specs of the real server are left out by name. */
export const realLabelStudio = (): { readonly url: string; readonly apiKey: string } | null => {
  const { LABEL_STUDIO_TEST_URL: url, LABEL_STUDIO_TEST_API_KEY: apiKey } = process.env;
  return url && apiKey ? { url, apiKey } : null;
};

export const LEFT_OUT = '(left out: set LABEL_STUDIO_TEST_URL and LABEL_STUDIO_TEST_API_KEY)';

/** A new project of the server somebody runs. */
export async function realLabelStudioProject(): Promise<LabelStudioUnderTest> {
  const { url, apiKey } = realLabelStudio()!;
  const ask = asking(url, apiKey);
  const project = { title: 'specs of Assay', label_config: LABEL_CONFIG, maximum_annotations: 2 };
  const { id } = (await ask('POST', '/api/projects/', project)) as { id: number };
  return { ...underTest(url, apiKey, id), close: async () => void (await ask('DELETE', `/api/projects/${id}/`)) };
}

export async function fakeLabelStudioProject(): Promise<LabelStudioUnderTest> {
  const fake = await startFakeLabelStudio();
  return { ...underTest(fake.url, fake.legacyToken, fake.projectId), close: () => fake.close() };
}

function underTest(url: string, apiKey: string, projectId: number): Omit<LabelStudioUnderTest, 'close'> {
  const ask = asking(url, apiKey);
  return {
    url,
    apiKey,
    projectId,
    ask,
    async tasks() {
      const page = await ask('GET', `/api/tasks?project=${projectId}&page=1&page_size=10000&include=id,data`);
      return (page as { tasks: ShownTask[] }).tasks;
    },
  };
}

const asking =
  (url: string, apiKey: string) =>
  async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const headers = { authorization: `Token ${apiKey}`, 'content-type': 'application/json' };
    const asked = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const answer = await fetch(`${url}${path}`, asked);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    return text === '' ? null : (JSON.parse(text) as unknown);
  };
