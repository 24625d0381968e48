import { messageOf } from '@assay/shared/errors/pipeline-error';
import { z } from 'zod';
import type { WatchedService } from '../config.ts';
import type { ConnectorView, ServiceView } from './status.ts';

/** A service answers /ready within two seconds whatever its dependencies do; one that does not is in trouble itself. */
const TIMEOUT_MS = 3_000;

const readySchema = z.object({ status: z.string(), dependencies: z.record(z.string(), z.string()) });

export async function askService({ name, url }: WatchedService, timeoutMs = TIMEOUT_MS): Promise<ServiceView> {
  try {
    const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(timeoutMs) });
    const { dependencies } = readySchema.parse(await response.json());
    const problems = Object.fromEntries(Object.entries(dependencies).filter(([, answer]) => answer !== 'up'));
    return { name, url, status: response.ok ? 'ready' : 'not ready', problems };
  } catch (error) {
    return { name, url, status: 'unreachable', problems: { [name]: reasonOf(error) } };
  }
}

/** fetch says only "fetch failed"; what happened is in its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  return cause?.code ?? messageOf(cause ?? error);
}

const part = z.object({ state: z.string() });
const connectorsSchema = z.record(
  z.string(),
  z.object({ status: z.object({ connector: part, tasks: z.array(part) }) }),
);

/** Every connector of Kafka Connect with the state of what is worst in it. */
export async function askConnectors(connectUrl: string, timeoutMs = TIMEOUT_MS): Promise<readonly ConnectorView[]> {
  const url = `${connectUrl.replace(/\/+$/, '')}/connectors?expand=status`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    const connectors = connectorsSchema.parse(await response.json());
    return Object.entries(connectors).map(([name, { status }]) => {
      const states = [status.connector.state, ...status.tasks.map(({ state }) => state)];
      const state = states.find((one) => one !== 'RUNNING') ?? (status.tasks.length === 0 ? 'NO TASK' : 'RUNNING');
      return { name, state, tasks: status.tasks.length };
    });
  } catch (error) {
    throw new Error(`asking Kafka Connect: ${reasonOf(error)}`, { cause: error });
  }
}
