import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { azuriteRecipe, blobConnectionString } from './azurite.ts';
import { cacheFolder } from './cache-folder.ts';
import { connectRecipe } from './connect.ts';
import { logFileOf, makeScratchFolder, openDataDir, recordFolderOf } from './data-dir.ts';
import { type Addresses, type Endpoints, readEndpoints, writeEndpoints } from './endpoints.ts';
import { type Guard, startGuard } from './guard-pipe.ts';
import { findJava, type Java } from './java.ts';
import { type Jvm, prepareJvm } from './jvm.ts';
import { type BrokerOptions, kafkaRecipe } from './kafka.ts';
import { Part, type PartName, type PartPlace, type PartRecipe } from './part.ts';
import { keepPasswords } from './passwords.ts';
import { choosePorts, portNames, type PortName, type Ports } from './ports.ts';
import { databaseUrl, postgresRecipe, type ServerSettings, superuser } from './postgres.ts';
import type { Site } from './site.ts';

interface Kind {
  readonly address: keyof Addresses;
  readonly ports: readonly PortName[];
  readonly needsJava: boolean;
}

export const kinds: Readonly<Record<PartName, Kind>> = {
  kafka: { address: 'kafkaBrokers', ports: ['kafka', 'kafkaController'], needsJava: true },
  postgres: { address: 'databaseUrl', ports: ['postgres'], needsJava: false },
  azurite: { address: 'blobConnectionString', ports: ['azurite'], needsJava: false },
  connect: { address: 'connectUrl', ports: ['connect'], needsJava: true },
};

export const partNames = Object.keys(kinds) as readonly PartName[];

export const addressesAt = ({ kafka, postgres, azurite, connect }: Ports, superuserPassword: string): Addresses => ({
  kafkaBrokers: `127.0.0.1:${kafka}`,
  databaseUrl: databaseUrl(postgres, superuserPassword),
  blobConnectionString: blobConnectionString(azurite),
  connectUrl: `http://127.0.0.1:${connect}`,
});

export interface InfrastructureOptions {
  /** By default a scratch directory, which is removed at the end, even when this process is killed. */
  readonly dataDir?: string;
  readonly portBase?: number | undefined;
  /** All by default. */
  readonly parts?: readonly PartName[];
  /** Parts that get their ports now but are started later, by `part(name).start()`. */
  readonly deferred?: readonly PartName[];
  /** Used instead of parts of our own; see existingInfrastructure. */
  readonly existing?: Partial<Addresses>;
  /** False saves Postgres its fsync; a killed process loses nothing by it, only a crashed machine does. */
  readonly isDurable?: boolean;
  /** Settings of Postgres that a test wants otherwise. */
  readonly postgresSettings?: ServerSettings;
  /** A broker that a test wants otherwise. */
  readonly broker?: BrokerOptions;
  /** Gives up while starting: what is up is stopped and the start rejects. */
  readonly abort?: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
  readonly log?: (line: string) => void;
  readonly onUnexpectedExit?: (name: PartName, how: string) => void;
}

function isOwn(name: PartName, { parts = partNames, existing = {} }: InfrastructureOptions): boolean {
  return parts.includes(name) && existing[kinds[name].address] === undefined;
}

/** Debezium's login, where Postgres is ours. */
export const CDC_LOGIN = 'debezium_login';

/** One start in one data directory, from its lock to its end. */
export class Infrastructure {
  readonly dataDir: string;
  /** Ends whom it watches when this process is gone. */
  readonly guard: Guard;
  readonly #options: InfrastructureOptions;
  readonly #site: Site;
  readonly #parts: ReadonlyMap<PartName, Part>;
  readonly #release: () => void;
  readonly #giveUp = new AbortController();
  #preparing: Promise<Jvm> | undefined;

  constructor(options: InfrastructureOptions, site: Site, release: () => void) {
    this.dataDir = site.dataDir;
    this.guard = site.guard;
    this.#options = options;
    this.#site = { ...site, abort: AbortSignal.any([site.abort, this.#giveUp.signal]) };
    this.#release = release;
    const own = partNames.filter((name) => isOwn(name, options));
    this.#parts = new Map(own.map((name) => [name, new Part(this.#recipe(name), this.#place(name))]));
  }

  get parts(): readonly Part[] {
    return [...this.#parts.values()];
  }

  get endpoints(): Endpoints {
    const own = [...this.#parts.keys()].map((name) => kinds[name]);
    const addresses = this.#ownAddresses;
    const pids = [...this.parts.map(({ name, pid }) => [name, pid]), ['guard', this.guard.pid]];
    return {
      ...Object.fromEntries(own.map(({ address }) => [address, addresses[address]])),
      ...this.#options.existing,
      ports: Object.fromEntries(own.flatMap(({ ports }) => ports).map((port) => [port, this.#site.ports[port]])),
      pids: Object.fromEntries(pids.filter(([, pid]) => pid !== undefined)) as Record<string, number>,
    };
  }

  /** Of a login to Postgres, where Postgres is ours. */
  password(login: string): string {
    return this.#site.passwords(login);
  }

  /** What our Kafka Connect takes for the password of whoever replicates. */
  get cdcPassword(): string {
    const { databaseUrl: existing } = this.#options.existing ?? {};
    return existing === undefined ? this.password(CDC_LOGIN) : decodeURIComponent(new URL(existing).password);
  }

  get #ownAddresses(): Addresses {
    return addressesAt(this.#site.ports, this.password(superuser));
  }

  part(name: PartName): Part {
    const part = this.#parts.get(name);
    if (part === undefined) throw new Error(`${name} is not part of this infrastructure.`);
    return part;
  }

  /** Kafka, Postgres and Azurite together; Connect as soon as its broker answers. One failure stops what is up. */
  async start(java: Java | undefined): Promise<void> {
    if (java !== undefined) this.#preparing = this.#prepareJvm(java);
    const started = new Map<PartName, Promise<void>>();
    for (const name of partNames) started.set(name, this.#startPart(name, started));
    // The first failure ends the others' attempts, which then reject with that same reason.
    for (const attempt of started.values()) attempt.catch((error: unknown) => this.#giveUp.abort(error));
    const results = await Promise.allSettled(started.values());
    if (results.every((result) => result.status === 'fulfilled')) return;
    await this.stop();
    this.#site.abort.throwIfAborted();
  }

  /** Stops Connect first, then the rest together. */
  async stop(): Promise<void> {
    await this.#parts.get('connect')?.stop();
    await Promise.all(this.parts.map((part) => part.stop()));
    this.#release();
    await this.guard.close();
    if (this.#options.dataDir === undefined) await rm(this.dataDir, { recursive: true, force: true });
  }

  async #startPart(name: PartName, started: ReadonlyMap<PartName, Promise<void>>): Promise<void> {
    const part = this.#parts.get(name);
    if (part === undefined || this.#options.deferred?.includes(name) === true) return;
    if (name === 'connect') await started.get('kafka');
    // Fetching the jars is not the part's own time.
    if (kinds[name].needsJava) await this.#jvm();
    await part.start();
  }

  #jvm(): Promise<Jvm> {
    return (this.#preparing ??= findJava(this.#site.env).then((java) => this.#prepareJvm(java)));
  }

  #prepareJvm(java: Java): Promise<Jvm> {
    return prepareJvm(java, { ...this.#site, cache: cacheFolder(this.#site.env) });
  }

  #recipe(name: PartName): PartRecipe {
    const site = this.#site;
    switch (name) {
      case 'kafka':
        return kafkaRecipe(site, () => this.#jvm(), this.#options.broker);
      case 'postgres':
        return postgresRecipe(site, this.#options.isDurable ?? true, this.#options.postgresSettings);
      case 'azurite':
        return azuriteRecipe(site);
      case 'connect':
        return connectRecipe(
          site,
          () => this.#jvm(),
          { ...this.#ownAddresses, ...this.#options.existing }.kafkaBrokers,
          this.cdcPassword,
        );
    }
  }

  #place(name: PartName): PartPlace {
    const { dataDir, guard, abort, log } = this.#site;
    const logFile = logFileOf(dataDir, name);
    return {
      logFile,
      guard,
      abort,
      recordFolder: recordFolderOf(dataDir),
      onStarted: () => writeEndpoints(dataDir, this.endpoints),
      onUnexpectedExit: (exited, how) => {
        log(`${exited} ${how} unexpectedly; its log is ${logFile}`);
        this.#options.onUnexpectedExit?.(exited, how);
      },
    };
  }
}

/** Brings up real infrastructure on loopback in one data directory and owns it until `stop`. */
export async function startInfrastructure(options: InfrastructureOptions = {}): Promise<Infrastructure> {
  const { env = process.env, log = () => {}, abort = new AbortController().signal } = options;
  const own = partNames.filter((name) => isOwn(name, options));
  const needsJava = own.some((name) => kinds[name].needsJava && options.deferred?.includes(name) !== true);
  // Before anything is touched: who lacks Java should read one message and find nothing changed.
  const java = needsJava ? await findJava(env) : undefined;
  const dataDir = options.dataDir === undefined ? makeScratchFolder() : resolve(options.dataDir);
  const release = await openDataDir(dataDir, log);
  try {
    const needed = own.flatMap((name) => kinds[name].ports);
    const previous = readEndpoints(dataDir).ports;
    const ports = await choosePorts(portNames, { base: options.portBase, previous, needed });
    const guard = startGuard(log);
    if (options.dataDir === undefined) guard.removeAtEnd(dataDir);
    const site = { dataDir, ports, passwords: keepPasswords(dataDir), guard, abort, env, log };
    const running = new Infrastructure(options, site, release);
    await running.start(java);
    return running;
  } catch (error) {
    release();
    throw error;
  }
}
