import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { lastStablePort, portOffsets, whyPortIsClosed } from '../infra/ports.ts';
import { type ServiceName, serviceNames } from './service-table.ts';

export type ServicePorts = Readonly<Record<ServiceName, number>>;

const firstOffset = Math.max(...Object.values(portOffsets)) + 1;

/** Right behind the infrastructure's; the offsets are an interface: scripts rely on them. */
export function servicePortsFromBase(base: number): ServicePorts {
  if (base + firstOffset + serviceNames.length - 1 > 65_535)
    throw new Error(`--port-base must be at most ${65_536 - firstOffset - serviceNames.length}, got ${base}.`);
  return Object.fromEntries(
    serviceNames.map((name, index) => [name, base + firstOffset + index]),
  ) as unknown as ServicePorts;
}

async function refuseTaken(ports: ServicePorts): Promise<ServicePorts> {
  for (const name of serviceNames) {
    const reason = await whyPortIsClosed(ports[name]);
    if (reason === undefined) continue;
    throw new Error(
      `port ${ports[name]}, wanted for ${name}, cannot be opened (${reason}). Free it or choose another --port-base.`,
    );
  }
  return ports;
}

async function findFreePort(taken: ReadonlySet<number>): Promise<number> {
  const range = process.platform === 'linux' ? readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8') : '';
  const last = lastStablePort(range);
  for (let attempt = 0; attempt < 500; attempt++) {
    const port = randomInt(10_000, last + 1);
    if (!taken.has(port) && (await whyPortIsClosed(port)) === undefined) return port;
  }
  throw new Error(`no free port between 10000 and ${last} on 127.0.0.1 in 500 attempts.`);
}

/** With a base its fixed ports, else those of the last start where they are free, else free ones. */
export async function chooseServicePorts(
  base: number | undefined,
  previous: Partial<ServicePorts>,
): Promise<ServicePorts> {
  if (base !== undefined) return refuseTaken(servicePortsFromBase(base));
  const ports: Partial<Record<ServiceName, number>> = {};
  const taken = new Set<number>();
  for (const name of serviceNames) {
    const before = previous[name];
    const isUsable = before !== undefined && !taken.has(before) && (await whyPortIsClosed(before)) === undefined;
    const port = isUsable ? before : await findFreePort(taken);
    ports[name] = port;
    taken.add(port);
  }
  return ports as ServicePorts;
}
