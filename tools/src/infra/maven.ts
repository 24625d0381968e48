import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const reportEvery = 25;

/** The file that a line of Maven's output says it has downloaded. Where from is the user's own affair. */
export function parseDownloadedJar(line: string): string | undefined {
  return /Downloaded from \S+ \S*\/([^/\s]+\.jar) /.exec(line)?.[1];
}

interface Fetch {
  readonly maven: string;
  readonly pom: string;
  readonly into: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}

/** Maven reads the user's own settings, so mirrors, proxies and credentials are honoured without our doing. */
export async function copyDependencies({ maven, pom, into, env, log }: Fetch): Promise<void> {
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${into}`, '-DincludeScope=runtime'];
  const child = spawn(maven, ['-B', '-f', pom, ...goal], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const errors: string[] = [];
  let downloaded = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.includes('ERROR')) errors.push(line);
    if (parseDownloadedJar(line) !== undefined && ++downloaded % reportEvery === 0)
      log(`  ${downloaded} jars downloaded`);
  });
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return;
  throw new Error(`Maven could not fetch the jars (exit code ${code}):\n${errors.slice(0, 8).join('\n')}`);
}
