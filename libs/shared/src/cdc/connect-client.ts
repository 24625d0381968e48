import { PipelineError } from '../errors/pipeline-error.ts';
import type { ConnectorConfig } from './connector.ts';

export interface ConnectDeadlines {
  readonly readMs: number;
  readonly changeMs: number;
}

/** Connect may hold a change back while its workers rebalance, and answers 409 or 500 after its own limit. */
const deadlinesByDefault: ConnectDeadlines = { readMs: 5_000, changeMs: 30_000 };

export interface ConnectorStatus {
  readonly connector: ConnectorState;
  readonly tasks: readonly (ConnectorState & { readonly id: number })[];
}

export interface ConnectorState {
  readonly state: string;
  /** Stack trace of the failure. */
  readonly trace?: string;
}

/** The part of Kafka Connect's REST interface we use. Every failure is a PipelineError with dependency `connect`. */
export interface ConnectClient {
  config(name: string): Promise<ConnectorConfig | null>;
  /** Makes the connector or changes it. */
  putConfig(name: string, config: ConnectorConfig): Promise<void>;
  status(name: string): Promise<ConnectorStatus | null>;
  /** Starts the connector and its tasks again where they have failed. */
  restartFailed(name: string): Promise<void>;
  /** Ends its tasks and keeps its configuration; they end some time after the answer. */
  stop(name: string): Promise<void>;
  /** Starts a stopped connector. */
  resume(name: string): Promise<void>;
  /** Only for a stopped connector without tasks. */
  forgetOffsets(name: string): Promise<void>;
}

export function createConnectClient(connectUrl: string, deadlines = deadlinesByDefault): ConnectClient {
  const base = connectUrl.replace(/\/+$/, '');
  const pathOf = (name: string) => `/connectors/${encodeURIComponent(name)}`;

  async function request(path: string, init: RequestInit & { timeoutMs?: number } = {}): Promise<unknown> {
    const doing = `${init.method ?? 'GET'} ${path}`;
    try {
      const response = await fetch(`${base}${path}`, {
        ...init,
        headers: { 'content-type': 'application/json' },
        signal: AbortSignal.timeout(init.timeoutMs ?? deadlines.readMs),
      });
      const text = await response.text();
      if (response.status === 404) return null;
      if (!response.ok) throw unavailable(`${doing}: Kafka Connect answered ${response.status} ${reasonIn(text)}`);
      return text === '' ? null : (JSON.parse(text) as unknown);
    } catch (error) {
      if (error instanceof PipelineError) throw error;
      throw unavailable(`${doing}: ${networkReason(error)}`, error);
    }
  }

  const change = async (method: string, path: string): Promise<void> =>
    void (await request(path, { method, timeoutMs: deadlines.changeMs }));

  return {
    config: async (name) => (await request(`${pathOf(name)}/config`)) as ConnectorConfig | null,
    async putConfig(name, config) {
      const body = JSON.stringify(config);
      await request(`${pathOf(name)}/config`, { method: 'PUT', body, timeoutMs: deadlines.changeMs });
    },
    status: async (name) => (await request(`${pathOf(name)}/status`)) as ConnectorStatus | null,
    restartFailed: (name) => change('POST', `${pathOf(name)}/restart?includeTasks=true&onlyFailed=true`),
    stop: (name) => change('PUT', `${pathOf(name)}/stop`),
    resume: (name) => change('PUT', `${pathOf(name)}/resume`),
    forgetOffsets: (name) => change('DELETE', `${pathOf(name)}/offsets`),
  };
}

/**
 * Also a 400: Connect checks the configuration by connecting to Postgres, and calls it invalid while Postgres is down.
 */
const unavailable = (message: string, cause?: unknown): PipelineError =>
  new PipelineError('DEPENDENCY_UNAVAILABLE', message, { cause, dependency: 'connect' });

const REASON_MAX_LENGTH = 500;

function reasonIn(body: string): string {
  const message = /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(body)?.[1] ?? body;
  return message.slice(0, REASON_MAX_LENGTH);
}

/** fetch says only "fetch failed"; what happened is in its cause. */
function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? (cause as NodeJS.ErrnoException).code || cause.message : error.message;
}
