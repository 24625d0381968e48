import { afterEach, describe, expect, it, vi } from 'vitest';
import { clientCredentialTokens } from './tokens.ts';

const SECRET = 'not:for anybody';
const client = { url: 'https://login.example/token', clientId: 'assay', clientSecret: SECRET, scope: 'kafka' };

function answering(status: number, body: string) {
  const asked = vi.fn<typeof fetch>(async () => new Response(body, { status }));
  vi.stubGlobal('fetch', asked);
  return asked;
}
afterEach(() => vi.unstubAllGlobals());

describe('tokens by client credentials', () => {
  it('are asked for with the id and the secret, and kept until a minute before their end', async () => {
    const asked = answering(200, '{"access_token":"t","expires_in":300}');
    let now = 0;
    const tokens = clientCredentialTokens(client, () => now);
    for (now of [0, 239_999]) expect(await tokens()).toEqual({ value: 't' });
    expect(asked).toHaveBeenCalledTimes(1);
    now = 240_000;
    await tokens();
    expect(asked).toHaveBeenCalledTimes(2);
    const [url, request] = asked.mock.calls[0]!;
    expect(url).toBe(client.url);
    expect(String(request!.body as URLSearchParams)).toBe('grant_type=client_credentials&scope=kafka');
    const { authorization } = request!.headers as { authorization: string };
    expect(Buffer.from(authorization.slice('Basic '.length), 'base64').toString()).toBe('assay:not%3Afor+anybody');
  });

  it.each([
    [401, '{"error":"invalid_client"}', '(401 invalid_client): compare KAFKA_OAUTH_CLIENT_ID'],
    [400, `{"error":"${SECRET}"}`, '(400): compare KAFKA_OAUTH_CLIENT_ID'],
    [503, 'down', '(503): compare'],
    [200, '{}', 'answers without an access_token'],
    [200, '<html>', 'answers without an access_token'],
  ])('that are not given (%s %s) are told, and nothing the server echoes', async (status, body, why) => {
    answering(status, body);
    const error = await clientCredentialTokens(client)().catch((refused: Error) => refused);
    expect((error as Error).message).toContain(`KAFKA_OAUTH_TOKEN_URL (login.example)`);
    expect((error as Error).message).toContain(why);
    expect((error as Error).message).not.toContain(SECRET);
    expect(error).toMatchObject({ retriable: false, cause: { code: 'DEPENDENCY_UNAVAILABLE', dependency: 'kafka' } });
  });

  it('are asked for again after a failure', async () => {
    vi.stubGlobal('fetch', vi.fn<typeof fetch>().mockRejectedValueOnce(new TypeError('fetch failed')));
    const tokens = clientCredentialTokens(client);
    await expect(tokens()).rejects.toThrow('does not answer');
    answering(200, '{"access_token":"t","expires_in":300}');
    expect(await tokens()).toEqual({ value: 't' });
  });
});
