import { execFile } from 'node:child_process';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { containers, releaseName } from '@assay/shared/contracts/blobs';
import { type ReleaseManifest, releaseManifestSchema } from '@assay/shared/contracts/release';
import { root } from '../build-services.ts';

export interface MadeRelease {
  /** Whether the gold stream has changed since the release before. */
  readonly isNew: boolean;
  readonly manifest: ReleaseManifest;
}

/** `assay release`, as an operator would run it. */
export async function makeRelease(environment: NodeJS.ProcessEnv, abort: AbortSignal): Promise<MadeRelease> {
  const args = [join(root, 'bin', 'assay.mjs'), 'release', '--json'];
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, args, { env: environment, signal: abort }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`assay release failed: ${stderr.trim() || stdout.trim() || error.message}`));
    });
  });
  const { kind, manifest } = JSON.parse(output) as { kind: string; manifest: unknown };
  return { isNew: kind === 'released', manifest: releaseManifestSchema.parse(manifest) };
}

/** A copy of the release beside the data, for whoever wants to look at it with an editor. */
export async function copyRelease(
  connectionString: string,
  { release }: ReleaseManifest,
  folder: string,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient(containers.gold);
  for (const file of ['manifest.json', 'clean_training_dataset.jsonl'] as const) {
    const bytes = await container.getBlobClient(releaseName(release, file)).downloadToBuffer();
    await writeFile(join(folder, `${file}.new`), bytes, { mode: 0o600 });
    await rename(join(folder, `${file}.new`), join(folder, file));
  }
  return join(folder, 'clean_training_dataset.jsonl');
}
