import kafkajs from 'kafkajs';
import { PipelineError } from '../errors/pipeline-error.ts';

/** kafkajs asks for one at every connection, and again when a session at the broker ends. */
type Tokens = () => Promise<{ readonly value: string }>;

/** Less than a request to Kafka may take, so that it is this that is told. */
const TOKEN_WITHIN_MS = 5_000;
/** A token that is about to end is not used for a connection any more. */
const SPARE_MS = 60_000;

interface Client {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | undefined;
}

/** Final to kafkajs: it would ask again on the same connection, whose login the broker then calls out of order. */
const unavailable = (message: string, cause?: unknown) =>
  Object.assign(new kafkajs.KafkaJSNonRetriableError(message), {
    cause: new PipelineError('DEPENDENCY_UNAVAILABLE', message, { dependency: 'kafka', cause }),
  });

/** OAuth 2.0 client credentials (RFC 6749, 4.4), the token kept for as long as it is good. */
export function clientCredentialTokens(client: Client, now: () => number = () => performance.now()): Tokens {
  let kept = { value: '', until: -Infinity };
  return async () => {
    if (now() < kept.until) return { value: kept.value };
    const asked = now();
    const { value, lifetimeMs } = await askForToken(client);
    kept = { value, until: asked + lifetimeMs - SPARE_MS };
    return { value };
  };
}

async function askForToken({ url, clientId, clientSecret, scope }: Client) {
  const credentials = [clientId, clientSecret]
    .map((part) => new URLSearchParams({ part }).toString().slice(5))
    .join(':');
  const { host } = new URL(url);
  const request: RequestInit = {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) }),
    // The secret goes to the address of the setting and nowhere else.
    redirect: 'error',
    signal: AbortSignal.timeout(TOKEN_WITHIN_MS),
  };
  let response: Response;
  let answer: { access_token?: unknown; expires_in?: unknown; error?: unknown } | null;
  try {
    response = await fetch(url, request);
    answer = (await response.json().catch(() => null)) as typeof answer;
  } catch (error) {
    throw unavailable(
      `KAFKA_OAUTH_TOKEN_URL (${host}) does not answer: see that it is right and can be reached`,
      error,
    );
  }
  if (!response.ok)
    throw unavailable(
      `KAFKA_OAUTH_TOKEN_URL (${host}) gives no token (${response.status}${codeOf(answer?.error)}): compare KAFKA_OAUTH_CLIENT_ID, KAFKA_OAUTH_CLIENT_SECRET and KAFKA_OAUTH_SCOPE with what it knows`,
    );
  if (typeof answer?.access_token !== 'string')
    throw unavailable(`KAFKA_OAUTH_TOKEN_URL (${host}) answers without an access_token: it is no token endpoint`);
  return { value: answer.access_token, lifetimeMs: Number(answer.expires_in ?? 0) * 1_000 };
}

/** The closed words of the RFC, and nothing a server could echo of what we sent. */
const ERROR_CODES = ['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client', 'invalid_scope'];
const codeOf = (code: unknown): string => (ERROR_CODES.some((known) => known === code) ? ` ${String(code)}` : '');

/** Event Hubs, as whoever this process is in Azure. The credential keeps its tokens itself. */
export function azureTokens(host: string): Tokens {
  const scope = `https://${host}/.default`;
  const loading = async () => {
    const { DefaultAzureCredential } = await import('@azure/identity');
    return new DefaultAzureCredential();
  };
  let credential: ReturnType<typeof loading> | undefined;
  return async () => {
    try {
      const { token } = await (
        await (credential ??= loading())
      ).getToken(scope, {
        abortSignal: AbortSignal.timeout(TOKEN_WITHIN_MS),
      });
      return { value: token };
    } catch (error) {
      throw unavailable(
        `Azure gives no token for ${scope}: sign this process in (managed identity, workload identity, or AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET)`,
        error,
      );
    }
  };
}
