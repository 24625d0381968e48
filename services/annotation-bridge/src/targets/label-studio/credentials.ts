import { z } from 'zod';
import { type ToolAnswer, type ToolClient, type ToolRequest, unexpectedAnswer } from '../tool-client.ts';

/** A request with the credentials of a key. Answers 401 only when the key itself is no good. */
export type AskAsUser = (request: ToolRequest, signal: AbortSignal) => Promise<ToolAnswer>;

/** The official SDK tells the two kinds apart in the same way: a personal access token is a JWT. */
export const isPersonalToken = (key: string): boolean => /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/.test(key);

/**
 * A legacy token is shown as it is. A personal access token never is: it is exchanged for an access token that lives five
 * minutes. One that has run out is answered as no token at all is, so a 401 gets a new one once and is believed after that.
 */
export function asUser(client: ToolClient, key: string): AskAsUser {
  if (!isPersonalToken(key)) return (request, signal) => client.ask(shown(request, `Token ${key}`), signal);
  const access = new AccessToken(client, key);
  return async (request, signal) => {
    const first = await access.get(signal);
    const answer = await client.ask(shown(request, `Bearer ${first}`), signal);
    if (answer.status !== 401) return answer;
    access.drop(first);
    return client.ask(shown(request, `Bearer ${await access.get(signal)}`), signal);
  };
}

const shown = (request: ToolRequest, authorization: string): ToolRequest => ({
  ...request,
  headers: { ...request.headers, authorization },
});

const REFRESH_PATH = '/api/token/refresh/';
const refreshSchema = z.object({ access: z.string().min(1) });

class AccessToken {
  readonly #client: ToolClient;
  readonly #personal: string;
  #token: string | undefined;

  constructor(client: ToolClient, personal: string) {
    this.#client = client;
    this.#personal = personal;
  }

  async get(signal: AbortSignal): Promise<string> {
    return (this.#token ??= await this.#refresh(signal));
  }

  /** Unless somebody else has replaced it already. */
  drop(token: string): void {
    if (this.#token === token) this.#token = undefined;
  }

  async #refresh(signal: AbortSignal): Promise<string> {
    const request: ToolRequest = { method: 'POST', path: REFRESH_PATH, body: { refresh: this.#personal } };
    const { status, body } = await this.#client.ask(request, signal);
    const answer = refreshSchema.safeParse(body);
    if (status === 200 && answer.success) return answer.data.access;
    const advice =
      'the personal access token is not valid or was revoked; make a new one and set LABEL_STUDIO_API_KEY.';
    throw unexpectedAnswer(this.#client.tool, request, status, advice);
  }
}
