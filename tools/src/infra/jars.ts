import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lockWhenFree } from './exclusive-lock.ts';
import { classPathOf, findWrongJars, fingerprintOf, type JarList, parseJarList } from './jar-list.ts';
import { findMaven } from './java.ts';
import { copyDependencies } from './maven.ts';

const pom = fileURLToPath(new URL('../../jars/pom.xml', import.meta.url));
const list = fileURLToPath(new URL('../../jars/jars.sha256', import.meta.url));

export interface Jars {
  readonly classPath: string;
  /** Changes when a jar is replaced. */
  readonly fingerprint: string;
}

export interface JarSource {
  readonly cache: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}

/** A changed pom or list is another folder, so two checkouts with different versions share one cache in peace. */
function folderName(): string {
  const hash = createHash('sha256').update(readFileSync(pom)).update(readFileSync(list));
  return `jars-${hash.digest('hex').slice(0, 12)}`;
}

function isVerified(folder: string, jars: JarList): boolean {
  const marker = join(folder, 'verified');
  return existsSync(marker) && readFileSync(marker, 'utf8') === fingerprintOf(folder, jars);
}

async function fetchJars(folder: string, jars: JarList, { env, log }: JarSource): Promise<string[]> {
  log(`fetching ${jars.size} jars of Kafka and Debezium by Maven into ${folder} (once, about 60 MB)`);
  const began = performance.now();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await copyDependencies({ maven: await findMaven(env), pom, into: folder, env, log });
  log(`  ${jars.size} jars in place after ${((performance.now() - began) / 1000).toFixed(1)} s; checking their sha256`);
  return findWrongJars(folder, jars);
}

function refuse(wrong: readonly string[]): never {
  const shown = wrong.slice(0, 5).join('\n  ');
  throw new Error(
    `${wrong.length} jar(s) are not what tools/jars/jars.sha256 says, also after fetching them again:\n  ${shown}\n` +
      'Delete those files from the local Maven repository (by default ~/.m2/repository) and start again; ' +
      'if it comes back, the Maven mirror in use delivers other files than the ones this project was proven with.',
  );
}

/** The jars are fetched once per user and version; a wrong or missing one is fetched once more, then refused. */
export async function ensureJars(source: JarSource): Promise<Jars> {
  const jars = parseJarList(readFileSync(list, 'utf8'));
  const folder = join(source.cache, folderName());
  if (!isVerified(folder, jars)) {
    mkdirSync(source.cache, { recursive: true });
    const lock = await lockWhenFree(`${folder}.lock`, (holder) =>
      source.log(`waiting for process ${holder}, which is fetching the jars`),
    );
    try {
      await repairJars(folder, jars, source);
    } finally {
      lock.release();
    }
  }
  return { classPath: classPathOf(folder, jars, delimiter), fingerprint: fingerprintOf(folder, jars) };
}

async function repairJars(folder: string, jars: JarList, source: JarSource): Promise<void> {
  if (isVerified(folder, jars)) return;
  const isThere = existsSync(folder);
  let wrong = isThere ? await findWrongJars(folder, jars) : [];
  if (isThere && wrong.length > 0) source.log(`the cached jars are incomplete or changed: ${wrong[0]}`);
  if (!isThere || wrong.length > 0) {
    // Into the final folder: a half-filled one has no marker, so the next start repairs it.
    wrong = await fetchJars(folder, jars, source);
    if (wrong.length > 0) refuse(wrong);
  }
  const marker = join(folder, 'verified');
  writeFileSync(`${marker}.new`, fingerprintOf(folder, jars));
  renameSync(`${marker}.new`, marker);
}
