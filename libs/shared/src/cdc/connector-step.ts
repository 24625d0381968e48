import type { ConnectorState, ConnectorStatus } from './connect-client.ts';
import type { ReplicationSlot } from './replication-slot.ts';

/**
 * What one look after the connector does. A lost slot takes several, and any process may end between two of them: what is to
 * be done next is read from Connect and Postgres each time, and kept nowhere else.
 */
export type ConnectorStep = 'register' | 'stop' | 'wait' | 'renew' | 'start' | 'restart' | 'none';

export function connectorStep(status: ConnectorStatus | null, slot: ReplicationSlot | null): ConnectorStep {
  if (status === null) return 'register';
  const isStopped = status.connector.state === 'STOPPED';
  if (slot?.status === 'lost') {
    if (!isStopped) return 'stop';
    return hasEnded(status, slot) ? 'renew' : 'wait';
  }
  // Stopped by an operator, a connector keeps its slot; without one, a renewal ended half way.
  if (isStopped && slot === null) return 'start';
  return failuresOf(status).length > 0 ? 'restart' : 'none';
}

/** Stopped, no task left, and Postgres has let go of the slot: its offsets can be forgotten and the slot dropped. */
export const hasEnded = (status: ConnectorStatus | null, slot: ReplicationSlot | null): boolean =>
  status?.connector.state === 'STOPPED' && status.tasks.length === 0 && slot?.isActive !== true;

export const lossOf = (slot: ReplicationSlot | null): string | null =>
  slot?.status === 'lost'
    ? 'the replication slot is lost; healing: as soon as Kafka Connect answers it is made again, and the tables are read once more'
    : null;

/** How much WAL a slot holds back, where that is more than it should. */
export function slotFault(slot: ReplicationSlot | null, retainedMaxBytes: number): string | null {
  if (slot === null) return null; // made again by Debezium as soon as its task has read the tables
  const held = `the replication slot holds back ${slot.retainedBytes} bytes of WAL`;
  if (slot.status === 'unreserved') return `${held} and will be lost when Postgres makes room`;
  return slot.retainedBytes > retainedMaxBytes ? `${held}, more than ${retainedMaxBytes}` : null;
}

/** Why the connector does not work; null when it does. */
export function connectorFault(status: ConnectorStatus | null): string | null {
  if (status === null) return 'is not registered';
  const [failure] = failuresOf(status);
  if (failure !== undefined) return failure;
  if (status.connector.state !== 'RUNNING') return `is ${status.connector.state}`;
  if (status.tasks.length === 0) return 'has no task yet';
  const waiting = status.tasks.find(({ state }) => state !== 'RUNNING');
  return waiting === undefined ? null : `task ${waiting.id} is ${waiting.state}`;
}

export function failuresOf(status: ConnectorStatus): readonly string[] {
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
