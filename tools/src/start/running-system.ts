import { join } from 'node:path';
import { logFileOf, recordFolderOf } from '../infra/data-dir.ts';
import { existingInfrastructure, readEndpoints, requireAddresses, writeEndpoints } from '../infra/endpoints.ts';
import { type Infrastructure, startInfrastructure } from '../infra/infrastructure.ts';
import { choosePorts, portNames, type PortsOf } from '../infra/ports.ts';
import { buildServices, root } from './build-services.ts';
import type { DemoSystem } from './demo/run-demo.ts';
import { keepLocalKeys } from './local-keys.ts';
import { readPeaks } from './peak-memory.ts';
import {
  environmentOf,
  infrastructureSettings,
  type ServiceAddresses,
  type ServiceName,
  serviceNames,
} from './service-table.ts';
import { makeServiceLogins, type ServiceLogins } from './service-logins.ts';
import { lookAtServices } from './services-ready.ts';
import type { StageProgress } from './stage-runner.ts';
import type { StageRunner } from './stage-runner.ts';
import type { StartOptions } from './start-options.ts';
import { SupervisedService } from './supervised-service.ts';
import { waitFor } from './wait-for.ts';

export interface SystemSurroundings {
  readonly stages: StageRunner;
  readonly abort: AbortSignal;
  /** A part of the infrastructure is gone; services come back by themselves, parts do not. */
  readonly onPartLost: () => void;
}

type ServicePorts = PortsOf<ServiceName>;

/** Their ports in the last start in this directory; read before the infrastructure writes its file anew. */
function readPreviousPorts(dataDir: string): Partial<ServicePorts> {
  const services = Object.entries(readEndpoints(dataDir).services ?? {}).filter(([, url]) => URL.canParse(url));
  return Object.fromEntries(services.map(([name, url]) => [name, Number(new URL(url).port)]));
}

/** Right behind the infrastructure's; the offsets are an interface: scripts rely on them. */
const serviceBase = (portBase: number | undefined): number | undefined =>
  portBase === undefined ? undefined : portBase + portNames.length;

function addressesAt(ports: ServicePorts): ServiceAddresses {
  const entries = serviceNames.map((name) => [name, `http://127.0.0.1:${ports[name]}`]);
  return Object.fromEntries(entries) as unknown as ServiceAddresses;
}

function whenAborted(abort: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    abort.throwIfAborted();
    abort.addEventListener('abort', () => reject(abort.reason as Error), { once: true });
  });
}

/** Infrastructure and services from one start to its end. */
export class RunningSystem {
  readonly infrastructure: Infrastructure;
  readonly services: ServiceAddresses;
  readonly #supervised: readonly SupervisedService[];

  private constructor(
    infrastructure: Infrastructure,
    { services, logins }: { services: ServiceAddresses; logins: ServiceLogins },
    say: (line: string) => void,
  ) {
    this.infrastructure = infrastructure;
    this.services = services;
    const place = { recordFolder: recordFolderOf(infrastructure.dataDir), guard: infrastructure.guard, say };
    const keys = keepLocalKeys(infrastructure.dataDir);
    const surroundings = { addresses: this.addresses, keys, logins, services };
    this.#supervised = serviceNames.map((name) => {
      const entry = join(root, 'services', name, 'dist', 'main.js');
      const environment = environmentOf(name, surroundings, process.env);
      const logFile = logFileOf(infrastructure.dataDir, name);
      const onReadyAgain = (): void => this.#tellAddresses();
      return new SupervisedService({ name, entry, environment }, { ...place, logFile, onReadyAgain });
    });
  }

  /** Builds beside the start of the infrastructure, then starts all services together. */
  static async start(options: StartOptions, surroundings: SystemSurroundings): Promise<RunningSystem> {
    const { stages, abort, onPartLost } = surroundings;
    const say = (line: string): void => stages.say(line);
    const previous = readPreviousPorts(options.dataDir);
    // One failure ends the attempt of the other, whose reason it then is.
    const giveUp = new AbortController();
    const signal = AbortSignal.any([abort, giveUp.signal]);
    const built = options.hasBuild ? stages.run('built', () => buildServices(serviceNames, signal)) : Promise.resolve();
    built.catch((error: unknown) => giveUp.abort(error));
    const starting = stages.run('infrastructure up', () =>
      startInfrastructure({
        dataDir: options.dataDir,
        portBase: options.portBase,
        existing: existingInfrastructure(process.env),
        abort: signal,
        log: say,
        onUnexpectedExit: onPartLost,
      }),
    );
    starting.catch((error: unknown) => giveUp.abort(error));
    const infrastructure = await starting;
    try {
      await built;
      const wishes = { base: serviceBase(options.portBase), previous };
      const services = addressesAt(await choosePorts(serviceNames, wishes));
      const logins = await makeServiceLogins(infrastructure);
      const system = new RunningSystem(infrastructure, { services, logins }, say);
      await stages.run('services up', (report) => system.#startServices(report, abort));
      return system;
    } catch (error) {
      await infrastructure.stop();
      throw error;
    }
  }

  get addresses() {
    return requireAddresses(this.infrastructure.endpoints);
  }

  forDemo(): DemoSystem {
    const { dataDir, parts } = this.infrastructure;
    return {
      addresses: this.addresses,
      ingestUrl: this.services.ingest,
      environment: { ...process.env, ...infrastructureSettings(this.addresses) },
      folder: dataDir,
      peaks: () => readPeaks([...parts, ...this.#supervised, { name: 'npm start', pid: process.pid }]),
    };
  }

  /** Services first, so that none of them meets a dependency that is gone; then the infrastructure in its own order. */
  async stop(): Promise<void> {
    await Promise.all(this.#supervised.map((service) => service.stop()));
    await this.infrastructure.stop();
  }

  async #startServices(report: (progress: StageProgress) => void, abort: AbortSignal): Promise<void> {
    report({ done: 0, of: this.#supervised.length });
    const starts = Promise.all(this.#supervised.map((service) => service.start()));
    try {
      await Promise.race([starts, whenAborted(abort)]);
      await waitFor(() => lookAtServices(this.services), { report, abort });
    } catch (error) {
      await Promise.all(this.#supervised.map((service) => service.stop()));
      throw error;
    }
    this.#tellAddresses();
  }

  /** `assay <verb>` and scripts read the addresses there; no other file changes from start to start. */
  #tellAddresses(): void {
    const { endpoints, dataDir } = this.infrastructure;
    const pids = Object.fromEntries(
      this.#supervised.flatMap(({ name, pid }) => (pid === undefined ? [] : [[name, pid]])),
    ) as Record<string, number>;
    const told = { ...endpoints, services: this.services, pids: { ...endpoints.pids, ...pids } };
    writeEndpoints(dataDir, told);
  }
}
