import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderProperties } from './java-properties.ts';
import { classDataArchive, type Jvm, jvmArguments } from './jvm.ts';
import { CDC_PASSWORD, workerSettings } from './kafka-settings.ts';
import type { PartRecipe } from './part.ts';
import type { Site } from './site.ts';

/** Kafka Connect keeps its connectors and their offsets in topics, so it has no folder of its own. */
export function connectRecipe(
  { dataDir, ports, env }: Site,
  jvm: () => Promise<Jvm>,
  brokers: string,
  cdcPassword: string,
): PartRecipe {
  const propertiesFile = join(dataDir, 'connect.properties');
  let keepArchive: () => void = () => {};
  return {
    name: 'connect',
    cwd: dataDir,
    gentleSignal: 'SIGTERM',
    // It keeps its state in Kafka, and without its broker would take half a minute to give up on saying goodbye.
    gentleMs: 10_000,
    async prepare() {
      const prepared = await jvm();
      writeFileSync(propertiesFile, renderProperties(workerSettings({ brokers, port: ports.connect })));
      const archive = classDataArchive(prepared, 'connect');
      keepArchive = archive.keep;
      const main = 'org.apache.kafka.connect.cli.ConnectDistributed';
      return {
        file: prepared.java.command,
        args: [...jvmArguments(prepared, 384, archive.flags), main, propertiesFile],
        env: { ...env, [CDC_PASSWORD]: cdcPassword },
      };
    },
    probe: () => probeConnect(`http://127.0.0.1:${ports.connect}`),
    onGentleEnd: () => keepArchive(),
  };
}

export async function probeConnect(url: string): Promise<void> {
  const response = await fetch(`${url}/connectors`, { signal: AbortSignal.timeout(2_000) });
  await response.body?.cancel();
  if (response.status !== 200) throw new Error(`GET ${url}/connectors answered ${response.status}`);
}
