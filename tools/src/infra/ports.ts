import { readFileSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Fixed offsets from --port-base; they are an interface: scripts rely on them. */
export const portOffsets = { kafka: 0, kafkaController: 1, postgres: 2, azurite: 3, connect: 4 } as const;
export type PortName = keyof typeof portOffsets;
export type Ports = Readonly<Record<PortName, number>>;

export const portNames = Object.keys(portOffsets) as PortName[];

/** Undefined when the port is free on loopback, else the system's word for why not (EADDRINUSE, EACCES). */
export function whyPortIsClosed(port: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => ('code' in error ? resolve(String(error.code)) : reject(error)));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/**
 * The highest port that the system does not hand out to outgoing connections. A part that is stopped for a while must
 * find its port free again: clients that keep knocking use ports of the ephemeral range, and one of them could be it
 * (a client may even connect to itself).
 */
export function lastStablePort(localPortRange: string): number {
  const first = Number(localPortRange.trim().split(/\s+/)[0]);
  return Number.isInteger(first) && first > 12_000 ? first - 1 : 32_767;
}

function readLocalPortRange(): string {
  return process.platform === 'linux' ? readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8') : '';
}

async function findFreePort(taken: ReadonlySet<number>): Promise<number> {
  const last = lastStablePort(readLocalPortRange());
  for (let attempt = 0; attempt < 500; attempt++) {
    const port = randomInt(10_000, last + 1);
    if (!taken.has(port) && (await whyPortIsClosed(port)) === undefined) return port;
  }
  throw new Error(`no free port between 10000 and ${last} on 127.0.0.1 in 500 attempts.`);
}

export function portsFromBase(base: number): Ports {
  const highest = Math.max(...Object.values(portOffsets));
  if (!Number.isInteger(base) || base < 1 || base + highest > 65_535) {
    throw new Error(`--port-base must be a whole number from 1 to ${65_535 - highest}, got ${base}.`);
  }
  return Object.fromEntries(portNames.map((name) => [name, base + portOffsets[name]])) as Record<PortName, number>;
}

async function fixedPorts(base: number, needed: readonly PortName[]): Promise<Ports> {
  const ports = portsFromBase(base);
  for (const name of needed) {
    const reason = await whyPortIsClosed(ports[name]);
    if (reason === undefined) continue;
    const why = reason === 'EADDRINUSE' ? 'is taken by another process' : `cannot be opened (${reason})`;
    throw new Error(`port ${ports[name]}, wanted for ${name}, ${why}. Free it or choose another --port-base.`);
  }
  return ports;
}

/** With a base its fixed ports, else those of the last start where they are free, else free ones. */
export async function choosePorts(
  needed: readonly PortName[],
  base: number | undefined,
  previous: Partial<Ports> = {},
): Promise<Ports> {
  if (base !== undefined) return fixedPorts(base, needed);
  const ports: Partial<Record<PortName, number>> = {};
  const taken = new Set<number>();
  for (const name of portNames) {
    const before = previous[name];
    const isBeforeUsable = before !== undefined && !taken.has(before) && (await whyPortIsClosed(before)) === undefined;
    const port = isBeforeUsable ? before : await findFreePort(taken);
    ports[name] = port;
    taken.add(port);
  }
  return ports as Ports;
}
