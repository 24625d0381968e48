import { closeSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../infra/cache-folder.ts';
import { makeScratchFolder } from '../infra/data-dir.ts';
import { GuardedChild } from '../infra/guarded-child.ts';
import { startGuard } from '../infra/guard-pipe.ts';
import { ensureJars } from '../infra/jars.ts';
import { findJava } from '../infra/java.ts';
import { renderProperties } from '../infra/java-properties.ts';
import { jvmArguments } from '../infra/jvm.ts';
import { openLogFile } from '../infra/log-file.ts';
import { choosePorts } from '../infra/ports.ts';
import { waitUntil } from './wait-until.ts';

const ORDER = {
  pom: fileURLToPath(new URL('../../jars/s3/pom.xml', import.meta.url)),
  list: fileURLToPath(new URL('../../jars/s3/jars.sha256', import.meta.url)),
  purpose: 'an S3 server',
};
const HEAP_MB = 512;

export interface S3Server {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  stop(): Promise<void>;
}

/** S3Proxy, which keeps objects in memory: a server of S3's protocol that needs nothing but Java. */
export async function startS3Server(log: (line: string) => void): Promise<S3Server> {
  const env = process.env;
  const java = await findJava(env);
  const dataDir = makeScratchFolder();
  const guard = startGuard(log);
  guard.removeAtEnd(dataDir);
  const cache = cacheFolder(env);
  const jars = await ensureJars({ cache, guard, abort: new AbortController().signal, env, log }, ORDER);
  const { s3 } = await choosePorts(['s3'] as const);
  const keys = { accessKeyId: 'assay', secretAccessKey: 'of-a-spec' };
  const endpoint = `http://127.0.0.1:${s3}`;
  const settings = join(dataDir, 's3proxy.conf');
  writeFileSync(settings, renderProperties(settingsOf(endpoint, keys)));
  const output = openLogFile(join(dataDir, 's3.log'));
  const child = new GuardedChild(
    {
      file: java.command,
      args: [...jvmArguments({ java, jars, cache }, HEAP_MB, []), 'org.gaul.s3proxy.Main', '--properties', settings],
    },
    { name: 's3', gentleSignal: 'SIGTERM', guard, cwd: dataDir, stdio: ['ignore', output, output] },
  );
  closeSync(output);
  const stop = async () => {
    await child.end(10_000);
    await rm(dataDir, { recursive: true, force: true });
    await guard.close();
  };
  await waitUntil(async () => child.process.exitCode !== null || (await answers(endpoint)));
  if (child.process.exitCode === null) return { endpoint, ...keys, stop };
  throw new Error(`the S3 server ${await child.ended}; its log is in ${dataDir}`);
}

const settingsOf = (
  endpoint: string,
  { accessKeyId, secretAccessKey }: Pick<S3Server, 'accessKeyId' | 'secretAccessKey'>,
) => ({
  's3proxy.endpoint': endpoint,
  's3proxy.authorization': 'aws-v2-or-v4',
  's3proxy.identity': accessKeyId,
  's3proxy.credential': secretAccessKey,
  'jclouds.provider': 'transient-nio2',
  'jclouds.identity': 'unused',
  'jclouds.credential': 'unused',
});

/** Any answer will do: it refuses who shows no key. */
async function answers(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return true;
  } catch {
    return false; // not yet
  }
}
