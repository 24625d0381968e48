import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** In the order of their offsets from --port-base, which are an interface: scripts rely on them. */
export const portNames = ['kafka', 'kafkaController', 'postgres', 'azurite', 'connect'] as const;
export type PortName = (typeof portNames)[number];
export type PortsOf<Name extends string> = Readonly<Record<Name, number>>;
export type Ports = PortsOf<PortName>;

export const HIGHEST_PORT = 65_535;

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

async function findFreePort(taken: ReadonlySet<number>): Promise<number> {
  const range = process.platform === 'linux' ? readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8') : '';
  const last = lastStablePort(range);
  for (let attempt = 0; attempt < 500; attempt++) {
    const port = randomInt(10_000, last + 1);
    if (!taken.has(port) && (await whyPortIsClosed(port)) === undefined) return port;
  }
  throw new Error(
    `no free port between 10000 and ${last} on 127.0.0.1 in 500 attempts: free some, or name ten in a row by --port-base.`,
  );
}

export const portsFromBase = <Name extends string>(names: readonly Name[], base: number): PortsOf<Name> =>
  Object.fromEntries(names.map((name, index) => [name, base + index])) as PortsOf<Name>;

export interface PortWishes<Name extends string> {
  readonly base?: number | undefined;
  /** Those of the last start. */
  readonly previous?: Partial<PortsOf<Name>> | undefined;
  /** With a base only these must be free; all by default. */
  readonly needed?: readonly Name[];
}

/** With a base its fixed ports, else those of the last start where they are free, else free ones. */
export async function choosePorts<Name extends string>(
  names: readonly Name[],
  { base, previous = {}, needed = names }: PortWishes<Name> = {},
): Promise<PortsOf<Name>> {
  if (base !== undefined) return refuseTaken(portsFromBase(names, base), needed);
  const ports: Partial<Record<Name, number>> = {};
  const taken = new Set<number>();
  for (const name of names) {
    const before = previous[name];
    const isUsable = before !== undefined && !taken.has(before) && (await whyPortIsClosed(before)) === undefined;
    taken.add((ports[name] = isUsable ? before : await findFreePort(taken)));
  }
  return ports as PortsOf<Name>;
}

async function refuseTaken<Name extends string>(ports: PortsOf<Name>, needed: readonly Name[]): Promise<PortsOf<Name>> {
  for (const name of needed) {
    const reason = await whyPortIsClosed(ports[name]);
    if (reason === undefined) continue;
    const why = reason === 'EADDRINUSE' ? 'is taken by another process' : `cannot be opened (${reason})`;
    throw new Error(`port ${ports[name]}, wanted for ${name}, ${why}. Free it or choose another --port-base.`);
  }
  return ports;
}
