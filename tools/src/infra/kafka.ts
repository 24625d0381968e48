import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { renderProperties } from './java-properties.ts';
import { classDataArchive, type Jvm, jvmArguments } from './jvm.ts';
import { brokerSettings, type Settings } from './kafka-settings.ts';
import type { PartRecipe } from './part.ts';
import { runToEnd } from './short-run.ts';
import type { Site } from './site.ts';

/** A broker that a test wants otherwise. */
export interface BrokerOptions {
  /** Takes our settings, gives those the broker gets. */
  readonly settings: (ours: Settings) => Settings;
  /** More for the tool that formats its folder, such as users of SCRAM. */
  readonly formatWith: readonly string[];
}

const ASIS: BrokerOptions = { settings: (ours) => ours, formatWith: [] };

export function kafkaRecipe(site: Site, jvm: () => Promise<Jvm>, options: BrokerOptions = ASIS): PartRecipe {
  const { dataDir, ports } = site;
  const folder = join(dataDir, 'kafka');
  const propertiesFile = join(dataDir, 'kafka.properties');
  let keepArchive: () => void = () => {};
  return {
    name: 'kafka',
    cwd: dataDir,
    folder,
    gentleSignal: 'SIGTERM',
    async prepare() {
      const prepared = await jvm();
      const address = { port: ports.kafka, controllerPort: ports.kafkaController };
      const propertiesAt = (logFolder: string) =>
        renderProperties(options.settings(brokerSettings({ ...address, logFolder })));
      if (!isFormatted(folder)) {
        const half = `${folder}.new`;
        rmSync(half, { recursive: true, force: true });
        // Its topics hold tickets nobody has masked yet.
        mkdirSync(half, { recursive: true, mode: 0o700 });
        writeFileSync(propertiesFile, propertiesAt(half));
        await format(prepared, [propertiesFile, ...options.formatWith], site);
        rmSync(folder, { recursive: true, force: true });
        renameSync(half, folder);
      }
      writeFileSync(propertiesFile, propertiesAt(folder));
      const archive = classDataArchive(prepared, 'kafka');
      keepArchive = archive.keep;
      const args = [...jvmArguments(prepared, 256, archive.flags), 'kafka.Kafka', propertiesFile];
      return { file: prepared.java.command, args };
    },
    probe: () => probeKafka(`127.0.0.1:${ports.kafka}`),
    onGentleEnd: () => keepArchive(),
  };
}

/** Formatting happens beside the final folder, so a folder of that name without its mark was damaged by someone else. */
function isFormatted(folder: string): boolean {
  if (!existsSync(folder)) return false;
  if (existsSync(join(folder, 'meta.properties'))) return true;
  if (readdirSync(folder).length === 0) return false;
  throw new Error(
    `${folder} holds data of Kafka but no meta.properties, so the broker cannot use it. ` +
      'Bring the file back, or delete the folder to start with an empty broker.',
  );
}

/** An id may not begin with a dash: the tool would take it for an option, once in 64 starts. */
export function clusterIdFrom(random: Uint8Array): string {
  return Buffer.from(random.map((byte, index) => (index === 0 ? byte & 0x7f : byte))).toString('base64url');
}

async function format(jvm: Jvm, how: readonly string[], site: Site): Promise<void> {
  // The broker's archive holds what the tool needs; only the broker itself records one.
  const flags = classDataArchive(jvm, 'kafka').flags.filter((flag) => !flag.startsWith('-XX:ArchiveClassesAtExit'));
  const tool = ['kafka.tools.StorageTool', 'format', '-t', clusterIdFrom(randomBytes(16)), '-c', ...how];
  const args = [...jvmArguments(jvm, 256, flags), ...tool];
  await runToEnd({ purpose: 'formatting the folder of Kafka', file: jvm.java.command, args }, site);
}

/** Resolves when the broker answers requests and has registered itself. */
async function probeKafka(broker: string): Promise<void> {
  const admin = new kafkajs.Kafka({
    brokers: [broker],
    connectionTimeout: 2_000,
    requestTimeout: 2_000,
    retry: { retries: 0 },
    logLevel: kafkajs.logLevel.NOTHING,
  }).admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    if (brokers.length === 0) throw new Error('the cluster has no broker yet');
  } finally {
    await admin.disconnect();
  }
}
