import type { JarList } from './jar-list.ts';
import { runToEnd } from './short-run.ts';
import type { Site } from './site.ts';

const REPORT_EVERY = 25;

/** The file that a line of Maven's output says it has downloaded. Where from is the user's own affair. */
export function parseDownloadedJar(line: string): string | undefined {
  return /Downloaded from \S+ \S*\/([^/\s]+\.jar) /.exec(line)?.[1];
}

interface Fetch {
  readonly maven: string;
  readonly pom: string;
  readonly into: string;
  /** The jars to come; Maven also downloads its own, which do not count. */
  readonly jars: JarList;
  /** Used instead of the user's local repository when that one holds damaged files. */
  readonly repository?: string;
}

/** Maven reads the user's own settings, so mirrors, proxies and credentials are honoured without our doing. */
export async function copyDependencies(
  { maven, pom, into, jars, repository }: Fetch,
  site: Pick<Site, 'guard' | 'abort' | 'env' | 'log'>,
): Promise<void> {
  let downloaded = 0;
  const onLine = (line: string): void => {
    const jar = parseDownloadedJar(line);
    if (jar === undefined || !jars.has(jar)) return;
    downloaded += 1;
    if (downloaded % REPORT_EVERY === 0) site.log(`  ${downloaded} of ${jars.size} jars downloaded`);
  };
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${into}`, '-DincludeScope=runtime'];
  const own = repository === undefined ? [] : [`-Dmaven.repo.local=${repository}`];
  const args = ['-B', '-f', pom, ...own, ...goal];
  try {
    await runToEnd({ purpose: 'fetching the jars by Maven', file: maven, args, env: site.env, onLine }, site);
  } catch (error) {
    site.abort.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    const hint = "Check the network and the mirrors in Maven's settings, then start again: what arrived is kept.";
    throw new Error(`${reason}\n${hint}`, { cause: error });
  }
}
