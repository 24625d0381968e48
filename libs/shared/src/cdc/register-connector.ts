import { PipelineError } from '../errors/pipeline-error.ts';
import { type Waiting, withBackoff } from '../pipeline/backoff.ts';
import type { Log } from '../pipeline/log.ts';
import type { ConnectClient } from './connect-client.ts';
import { connectorFault, connectorStep, failuresOf, hasEnded, lossOf, slotFault } from './connector-step.ts';
import type { ConnectorConfig } from './connector.ts';
import type { ReplicationSlot, SlotAccess } from './replication-slot.ts';

export interface Connector {
  readonly client: ConnectClient;
  readonly name: string;
  readonly config: ConnectorConfig;
  readonly slot: SlotAccess;
  readonly log: Log;
}

/**
 * Makes the connector what the contracts say; does nothing when it is. A PUT of the same configuration would restart it.
 * Answers whether anything was changed.
 */
export async function registerConnector({ client, name, config, log }: Omit<Connector, 'slot'>): Promise<boolean> {
  if (isSameConfig(await client.config(name), config)) return false;
  try {
    await client.putConfig(name, config);
  } catch (error) {
    throw isAboutPassword(error) ? unavailable(name, `${error.message} (${whereItIs(config)})`) : error;
  }
  log.info({ connector: name }, 'Debezium connector registered.');
  return true;
}

/** Resolves when connector and task run and their slot is sound; otherwise says what is wrong. The readiness check `cdc`. */
export async function checkConnector({ client, name, slot }: Renewable, retainedMaxBytes: number): Promise<void> {
  const found = await slot.read();
  // First, because it is the worse news: with Connect down as well, nothing else would tell of it.
  const fault = lossOf(found) ?? connectorFault(await client.status(name)) ?? slotFault(found, retainedMaxBytes);
  if (fault !== null) throw unavailable(name, fault);
}

/**
 * One look after the connector: registers it again when Connect no longer knows it (its topics were replaced), restarts what
 * has failed (Debezium ends a task for good after an error it does not know, and Connect never starts it again), and heals a
 * lost slot.
 */
export async function tendConnector(connector: Connector, slot: ReplicationSlot | null): Promise<void> {
  const { client, name, log } = connector;
  const status = await client.status(name);
  switch (connectorStep(status, slot)) {
    case 'register':
      await registerConnector(connector);
      break;
    case 'restart':
      log.error(
        { connector: name, failed: failuresOf(status!) },
        'Debezium has failed and is started again; nothing moves until it runs.',
      );
      await client.restartFailed(name);
      break;
    case 'stop':
      log.error(
        { connector: name },
        'The replication slot is lost: Postgres kept no more WAL for it. It is made again, and Debezium reads the tables once more.',
      );
      await client.stop(name);
      break;
    case 'renew':
      await renew(connector);
      log.info({ connector: name }, 'Debezium starts with a new replication slot and reads the tables once more.');
      break;
    case 'start':
      await client.resume(name);
      break;
    case 'wait':
    case 'none':
  }
}

type Renewable = Pick<Connector, 'client' | 'name' | 'slot'>;

/**
 * Makes Debezium read the tables once more: everything downstream knows what it has done already. Ended half way, the
 * connector stays stopped, and the same call goes on from there.
 */
export async function readTablesAgain(connector: Renewable, waiting: Waiting): Promise<void> {
  const { client, name, slot } = connector;
  await withBackoff(() => client.stop(name), waiting);
  await withBackoff(async () => {
    if (!hasEnded(await client.status(name), await slot.read())) throw unavailable(name, 'has not stopped yet');
    await renew(connector);
  }, waiting);
}

/**
 * Without offsets and slot a connector takes a snapshot when it starts. The slot goes last: while it is there, lost, or once it
 * is not, the next look knows what is left to do.
 */
async function renew({ client, name, slot }: Renewable): Promise<void> {
  await client.forgetOffsets(name);
  await slot.drop();
  await client.resume(name);
}

const unavailable = (name: string, fault: string): PipelineError =>
  new PipelineError('DEPENDENCY_UNAVAILABLE', `Debezium connector ${name}: ${fault}`, { dependency: 'connect' });

const isAboutPassword = (error: unknown): error is Error =>
  error instanceof Error && error.message.includes('password authentication failed');

const whereItIs = (config: ConnectorConfig): string =>
  `its workers take the password of ${config['database.user']} from ${config['database.password']}: do they have that config provider, and does it hold the password? CDC_PASSWORD_REFERENCE, docs/security.md`;

/** Connect adds the name to the configuration it gives back. */
function isSameConfig(found: ConnectorConfig | null, wanted: ConnectorConfig): boolean {
  if (found === null) return false;
  const { name: _name, ...rest } = found;
  const keys = Object.keys(wanted);
  return keys.length === Object.keys(rest).length && keys.every((key) => rest[key] === wanted[key]);
}
