import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lockWhenFree } from './exclusive-lock.ts';
import { classPathOf, findWrongJars, fingerprintOf, type JarList, parseJarList } from './jar-list.ts';
import { findMaven } from './java.ts';
import { copyDependencies } from './maven.ts';
import type { Site } from './site.ts';
import { writeWhole } from './whole-file.ts';

/** What to fetch and what it must be. */
export interface JarOrder {
  readonly pom: string;
  readonly list: string;
  /** What the jars are, for people. */
  readonly purpose: string;
}

const committedOrder: JarOrder = {
  pom: fileURLToPath(new URL('../../jars/pom.xml', import.meta.url)),
  list: fileURLToPath(new URL('../../jars/jars.sha256', import.meta.url)),
  purpose: 'Kafka and Debezium',
};

export interface Jars {
  readonly classPath: string;
  /** Changes when a jar is replaced. */
  readonly fingerprint: string;
}

export interface JarSource extends Pick<Site, 'guard' | 'abort' | 'env' | 'log'> {
  readonly cache: string;
}

interface Job {
  readonly source: JarSource;
  readonly order: JarOrder;
  readonly folder: string;
  readonly jars: JarList;
}

const markerOf = (folder: string): string => join(folder, 'verified');

function isVerified({ folder, jars }: Job): boolean {
  const marker = markerOf(folder);
  return existsSync(marker) && readFileSync(marker, 'utf8') === fingerprintOf(folder, jars);
}

/** The jars are fetched once per user and version; wrong ones are fetched once more, then refused. */
export async function ensureJars(source: JarSource, order: JarOrder = committedOrder): Promise<Jars> {
  const list = readFileSync(order.list, 'utf8');
  const jars = parseJarList(list);
  // Another list is another folder, so two checkouts with different versions share one cache in peace.
  const folder = join(source.cache, `jars-${createHash('sha256').update(list).digest('hex').slice(0, 12)}`);
  const job = { source, order, folder, jars };
  if (!isVerified(job)) {
    mkdirSync(source.cache, { recursive: true });
    const lock = await lockWhenFree(`${folder}.lock`, (holder) =>
      source.log(`waiting for process ${holder}, which is fetching the jars`),
    );
    try {
      if (!isVerified(job)) await repairJars(job);
    } finally {
      lock.release();
    }
  }
  return { classPath: classPathOf(folder, jars, delimiter), fingerprint: fingerprintOf(folder, jars) };
}

async function repairJars(job: Job): Promise<void> {
  const { folder, jars, source } = job;
  let wrong = ['nothing is there yet'];
  if (existsSync(folder)) {
    wrong = await findWrongJars(folder, jars);
    if (wrong.length > 0) source.log(`the cached jars are incomplete or changed: ${wrong[0]}`);
  }
  if (wrong.length > 0) wrong = await fetchJars(job);
  if (wrong.length > 0) {
    source.log(`${wrong[0]}; fetching once more, without the local repository of Maven`);
    wrong = await fetchAfresh(job);
  }
  if (wrong.length > 0) refuse(wrong);
  writeWhole(markerOf(folder), fingerprintOf(folder, jars));
}

/** Into the final folder: a half-filled one has no marker, so the next start repairs it. */
async function fetchJars({ folder, jars, order, source }: Job, repository?: string): Promise<string[]> {
  const { env, log } = source;
  const maven = await findMaven(env);
  log(`fetching ${jars.size} jars of ${order.purpose} by Maven into ${folder} (once, about 60 MB)`);
  const began = performance.now();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await copyDependencies({ maven, pom: order.pom, into: folder, jars, ...(repository && { repository }) }, source);
  log(`  fetched after ${((performance.now() - began) / 1000).toFixed(1)} s; checking ${jars.size} sha256 sums`);
  return findWrongJars(folder, jars);
}

/** The same local repository would give the same damaged files, so the second attempt uses an empty one. */
async function fetchAfresh(job: Job): Promise<string[]> {
  const repository = `${job.folder}.repository`;
  rmSync(repository, { recursive: true, force: true });
  try {
    return await fetchJars(job, repository);
  } finally {
    rmSync(repository, { recursive: true, force: true });
  }
}

function refuse(wrong: readonly string[]): never {
  const shown = wrong.slice(0, 5).join('\n  ');
  throw new Error(
    `${wrong.length} jar(s) are not what tools/jars/jars.sha256 says, also after fetching them afresh:\n  ${shown}\n` +
      'The mirror in the settings of Maven delivers other files than those this project was proven with. ' +
      'Use another mirror (~/.m2/settings.xml), then start again.',
  );
}
