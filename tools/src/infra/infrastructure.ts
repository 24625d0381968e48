import { resolve } from 'node:path';
import { azuriteRecipe, blobConnectionString } from './azurite.ts';
import { cacheFolder } from './cache-folder.ts';
import { connectRecipe } from './connect.ts';
import { type DataDir, openDataDir } from './data-dir.ts';
import { type Addresses, type Endpoints, readPreviousPorts, writeEndpoints } from './endpoints.ts';
import { type Guard, startGuard } from './guard-pipe.ts';
import { type Jvm, prepareJvm } from './jvm.ts';
import { kafkaRecipe } from './kafka.ts';
import { Part, type PartName, type PartPlace, type PartRecipe } from './part.ts';
import { choosePorts, type PortName, type Ports } from './ports.ts';
import { databaseUrl, postgresRecipe } from './postgres.ts';

export const partNames: readonly PartName[] = ['kafka', 'postgres', 'azurite', 'connect'];

const addressOf: Readonly<Record<PartName, keyof Addresses>> = {
  kafka: 'kafkaBrokers',
  postgres: 'databaseUrl',
  azurite: 'blobConnectionString',
  connect: 'connectUrl',
};

const portsOf: Readonly<Record<PartName, readonly PortName[]>> = {
  kafka: ['kafka', 'kafkaController'],
  postgres: ['postgres'],
  azurite: ['azurite'],
  connect: ['connect'],
};

export interface InfrastructureOptions {
  readonly dataDir: string;
  readonly portBase?: number | undefined;
  /** All by default. Connect without Kafka needs an existing broker. */
  readonly parts?: readonly PartName[];
  /** Parts that get their ports now but are started later, by `part(name).start()`. */
  readonly deferred?: readonly PartName[];
  /** Used instead of a part of our own; see existingInfrastructure. */
  readonly existing?: Partial<Addresses>;
  /** False saves Postgres its fsync; a killed process loses nothing by it, only a crashed machine. */
  readonly isDurable?: boolean;
  /** The directory is scratch: it is removed at the end, even if this process is killed. */
  readonly isTemporary?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly log?: (line: string) => void;
  readonly onUnexpectedExit?: (name: PartName, how: string) => void;
}

export interface Infrastructure {
  readonly endpoints: Endpoints;
  readonly dataDir: string;
  readonly parts: readonly Part[];
  readonly guardPid: number | undefined;
  part(name: PartName): Part;
  /** Stops Connect first, then the rest together. */
  stop(): Promise<void>;
}

interface Start {
  readonly options: InfrastructureOptions;
  readonly dataDir: DataDir;
  readonly ports: Ports;
  readonly guard: Guard;
  readonly log: (line: string) => void;
}

function recipeFor(name: PartName, { options, dataDir, ports, log }: Start, jvm: () => Promise<Jvm>): PartRecipe {
  switch (name) {
    case 'kafka':
      return kafkaRecipe(jvm, dataDir.path, ports);
    case 'postgres':
      return postgresRecipe({ dataDir: dataDir.path, ports, isDurable: options.isDurable ?? true, log });
    case 'azurite':
      return azuriteRecipe(dataDir.path, ports);
    case 'connect':
      return connectRecipe(jvm, dataDir.path, ports, options.existing?.kafkaBrokers ?? `127.0.0.1:${ports.kafka}`);
  }
}

function addressesOf(names: readonly PartName[], ports: Ports): Partial<Addresses> {
  const own: Addresses = {
    kafkaBrokers: `127.0.0.1:${ports.kafka}`,
    databaseUrl: databaseUrl(ports.postgres),
    blobConnectionString: blobConnectionString(ports.azurite),
    connectUrl: `http://127.0.0.1:${ports.connect}`,
  };
  return Object.fromEntries(names.map((name) => [addressOf[name], own[addressOf[name]]])) as Partial<Addresses>;
}

function makeParts(names: readonly PartName[], start: Start): Map<PartName, Part> {
  const env = start.options.env ?? process.env;
  let preparing: Promise<Jvm> | undefined;
  const jvm = () => (preparing ??= prepareJvm({ cache: cacheFolder(env), env, log: start.log }));
  const place = (name: PartName): PartPlace => ({
    logFile: start.dataDir.logFile(name),
    recordFolder: start.dataDir.recordFolder,
    guard: start.guard,
    onUnexpectedExit: (exited, how) => {
      start.log(`${exited} ${how} unexpectedly; its log is ${start.dataDir.logFile(exited)}`);
      start.options.onUnexpectedExit?.(exited, how);
    },
  });
  return new Map(names.map((name) => [name, new Part(recipeFor(name, start, jvm), place(name))]));
}

/** Kafka, Postgres and Azurite together; Connect as soon as its broker answers. One failure stops what is up. */
async function startParts(parts: ReadonlyMap<PartName, Part>, deferred: readonly PartName[]): Promise<void> {
  const started = new Map<PartName, Promise<void>>();
  const start = async (name: PartName): Promise<void> => {
    const part = parts.get(name);
    if (part === undefined || deferred.includes(name)) return;
    if (name === 'connect') await started.get('kafka');
    await part.start();
  };
  for (const name of partNames) started.set(name, start(name));
  const results = await Promise.allSettled(started.values());
  const failures = results
    .filter((result) => result.status === 'rejected')
    .map((result) => String(messageOf(result.reason)));
  // Connect waits for Kafka and so fails with the same words.
  if (failures.length > 0) throw new Error([...new Set(failures)].join('\n'));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function stopParts(parts: ReadonlyMap<PartName, Part>): Promise<void> {
  await parts.get('connect')?.stop();
  await Promise.all([...parts.values()].map((part) => part.stop()));
}

function describe(start: Start, names: readonly PartName[], parts: ReadonlyMap<PartName, Part>): Endpoints {
  const used = names.flatMap((name) => portsOf[name]);
  const running = [...parts.values()].filter((part) => part.pid !== undefined);
  return {
    ...addressesOf(names, start.ports),
    ...start.options.existing,
    ports: Object.fromEntries(used.map((name) => [name, start.ports[name]])),
    pids: Object.fromEntries([
      ...running.map((part) => [part.name, part.pid]),
      ...(start.guard.pid === undefined ? [] : [['guard', start.guard.pid]]),
    ]) as Record<string, number>,
  };
}

/** Brings up real infrastructure on loopback in one data directory and owns it until `stop`. */
export async function startInfrastructure(options: InfrastructureOptions): Promise<Infrastructure> {
  const log = options.log ?? (() => {});
  const wanted = options.parts ?? partNames;
  const names = partNames.filter((name) => wanted.includes(name) && options.existing?.[addressOf[name]] === undefined);
  const dataDir = await openDataDir(resolve(options.dataDir), log);
  const guard = startGuard(log);
  if (options.isTemporary === true) guard.send({ op: 'remove-folder-at-end', folder: dataDir.path });
  const close = async (): Promise<void> => {
    dataDir.release();
    await guard.close();
  };
  try {
    const needed = names.flatMap((name) => portsOf[name]);
    const ports = await choosePorts(needed, options.portBase, readPreviousPorts(dataDir.path));
    const start: Start = { options, dataDir, ports, guard, log };
    const parts = makeParts(names, start);
    const stop = async (): Promise<void> => {
      await stopParts(parts);
      await close();
    };
    try {
      await startParts(parts, options.deferred ?? []);
    } catch (error) {
      await stopParts(parts);
      throw error;
    }
    writeEndpoints(dataDir.path, describe(start, names, parts));
    return {
      get endpoints() {
        return describe(start, names, parts);
      },
      dataDir: dataDir.path,
      parts: [...parts.values()],
      guardPid: guard.pid,
      part: (name) => {
        const part = parts.get(name);
        if (part === undefined) throw new Error(`${name} is not part of this infrastructure.`);
        return part;
      },
      stop,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
