import { PipelineError } from '../errors/pipeline-error.ts';
import { type Waiting, withBackoff } from '../pipeline/backoff.ts';
import type { Log } from '../pipeline/log.ts';
import type { ConnectClient, ConnectorState, ConnectorStatus } from './connect-client.ts';
import type { ConnectorConfig } from './connector.ts';

export interface Connector {
  readonly client: ConnectClient;
  readonly name: string;
  readonly config: ConnectorConfig;
  readonly log: Log;
}

/**
 * Makes the connector what the contracts say; does nothing when it is. A PUT of the same configuration would restart it.
 * Answers whether anything was changed.
 */
export async function registerConnector({ client, name, config, log }: Connector): Promise<boolean> {
  if (isSameConfig(await client.config(name), config)) return false;
  await client.putConfig(name, config);
  log.info({ connector: name }, 'Debezium connector registered.');
  return true;
}

/** Registers it and waits until connector and task run. */
export async function startConnector(connector: Connector, waiting: Waiting): Promise<void> {
  await withBackoff(async () => void (await registerConnector(connector)), waiting);
  await withBackoff(() => checkConnector(connector), waiting);
}

/** Resolves when connector and task run; otherwise says what is wrong. The readiness check `cdc`. */
export async function checkConnector({ client, name }: Pick<Connector, 'client' | 'name'>): Promise<void> {
  const fault = faultOf(await client.status(name));
  if (fault !== null)
    throw new PipelineError('DEPENDENCY_UNAVAILABLE', `Debezium connector ${name}: ${fault}`, {
      dependency: 'connect',
    });
}

/**
 * One look after the connector: registers it again when Connect no longer knows it (its topics were replaced), and restarts
 * what has failed. Debezium ends a task for good after an error it does not know, and Connect never starts it again.
 */
export async function tendConnector(connector: Connector): Promise<void> {
  const { client, name, log } = connector;
  const status = await client.status(name);
  if (status === null) {
    await registerConnector(connector);
    return;
  }
  const failed = failuresOf(status);
  if (failed.length === 0) return;
  log.error({ connector: name, failed }, 'Debezium has failed and is started again; nothing moves until it runs.');
  await client.restartFailed(name);
}

/** Connect adds the name to the configuration it gives back. */
function isSameConfig(found: ConnectorConfig | null, wanted: ConnectorConfig): boolean {
  if (found === null) return false;
  const { name: _name, ...rest } = found;
  const keys = Object.keys(wanted);
  return keys.length === Object.keys(rest).length && keys.every((key) => rest[key] === wanted[key]);
}

function faultOf(status: ConnectorStatus | null): string | null {
  if (status === null) return 'is not registered';
  const [failure] = failuresOf(status);
  if (failure !== undefined) return failure;
  if (status.connector.state !== 'RUNNING') return `is ${status.connector.state}`;
  if (status.tasks.length === 0) return 'has no task yet';
  const waiting = status.tasks.find(({ state }) => state !== 'RUNNING');
  return waiting === undefined ? null : `task ${waiting.id} is ${waiting.state}`;
}

function failuresOf(status: ConnectorStatus | null): readonly string[] {
  if (status === null) return [];
  const parts: readonly [string, ConnectorState][] = [
    ['connector', status.connector],
    ...status.tasks.map((task) => [`task ${task.id}`, task] as [string, ConnectorState]),
  ];
  return parts
    .filter(([, { state }]) => state === 'FAILED')
    .map(([part, state]) => `${part} FAILED: ${causesIn(state)}`);
}

/** A stack trace without its frames: the exception and what caused it. */
function causesIn({ trace = 'no reason given' }: ConnectorState): string {
  return trace
    .split('\n')
    .filter((line) => !/^\s*(at |\.\.\. )/.test(line) && line.trim() !== '')
    .map((line) => line.trim())
    .join(' ')
    .slice(0, 1000);
}
