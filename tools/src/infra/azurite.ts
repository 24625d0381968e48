import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PartRecipe } from './part.ts';
import type { Site } from './site.ts';

/** Azurite's published account, the same on every machine; it protects nothing, which is why we listen on loopback only. */
const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export function blobConnectionString(port: number): string {
  const endpoint = `http://127.0.0.1:${port}/${account}`;
  return `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${accountKey};BlobEndpoint=${endpoint};`;
}

/** Stopped by SIGTERM: at a SIGKILL Azurite loses the blobs it has not written to its index yet. */
export function azuriteRecipe({ dataDir, ports }: Site): PartRecipe {
  const folder = join(dataDir, 'azurite');
  const script = join(dirname(createRequire(import.meta.url).resolve('azurite/package.json')), 'dist/src/blob/main.js');
  const address = ['--blobHost', '127.0.0.1', '--blobPort', String(ports.azurite)];
  // Its resting size falls from 170 to 140 MB at the same CPU time.
  const memory = ['--max-semi-space-size=4'];
  // The SDK speaks a newer API version than this Azurite knows by name.
  const behaviour = ['--silent', '--disableTelemetry', '--skipApiVersionCheck'];
  return {
    name: 'azurite',
    cwd: dataDir,
    folder,
    gentleSignal: 'SIGTERM',
    async prepare() {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return { file: process.execPath, args: [...memory, script, ...address, '--location', folder, ...behaviour] };
    },
    probe: () => probeAzurite(ports.azurite),
  };
}

/** An unsigned request is refused, but only the blob service itself refuses in this way. */
async function probeAzurite(port: number): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/${account}?comp=list`, { signal: AbortSignal.timeout(2_000) });
  await response.body?.cancel();
  const server = response.headers.get('server') ?? '';
  if (!server.startsWith('Azurite-Blob')) throw new Error(`port ${port} answered as ${server || 'something else'}`);
}
