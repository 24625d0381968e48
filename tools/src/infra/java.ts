import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Java {
  readonly command: string;
  readonly version: string;
}

const LEAST_JAVA = 17;

const waysOut = `Ways out:
  - install Java ${LEAST_JAVA} or newer and Maven, and put them on PATH (or set JAVA_HOME);
  - set KAFKA_BROKERS to a broker that runs already (and CONNECT_URL to its Kafka Connect, or leave Connect out);
  - use containers instead: docker compose up.`;

/** `openjdk version "17.0.15" 2025-04-15` → 17.0.15. */
export function parseJavaVersion(output: string): string | undefined {
  return /version "([^"]+)"/.exec(output)?.[1];
}

/** 17.0.15 → 17, 21-ea → 21, and the old counting 1.8.0_392 → 8. */
export function majorOf(version: string): number {
  const [first, second] = version.split(/[.\-_+]/);
  return first === '1' ? Number(second) : Number(first);
}

async function versionOf(command: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(command, ['-version'], { env });
    return parseJavaVersion(stderr + stdout);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES'))
      return undefined;
    // Not a missing file: macOS has a /usr/bin/java that only tells where to get one.
    if (error instanceof Error && 'stderr' in error) return undefined;
    throw error;
  }
}

export async function findJava(env: NodeJS.ProcessEnv): Promise<Java> {
  const fromHome = env['JAVA_HOME'] ? [join(env['JAVA_HOME'], 'bin', 'java')] : [];
  const seen: string[] = [];
  for (const command of [...fromHome, 'java']) {
    const version = await versionOf(command, env);
    if (version === undefined) continue;
    if (majorOf(version) >= LEAST_JAVA) return { command, version };
    seen.push(`${command} is ${version}`);
  }
  const found = seen.length === 0 ? 'no Java was found' : `only an older Java was found (${seen.join('; ')})`;
  throw new Error(`Kafka needs Java ${LEAST_JAVA} or newer, but ${found}.\n${waysOut}`);
}

export async function findMaven(env: NodeJS.ProcessEnv): Promise<string> {
  const command = env['MAVEN_HOME'] ? join(env['MAVEN_HOME'], 'bin', 'mvn') : 'mvn';
  try {
    await run(command, ['-v'], { env });
    return command;
  } catch (error) {
    throw new Error(`the jars of Kafka and Debezium come by Maven, but ${command} could not be run.\n${waysOut}`, {
      cause: error,
    });
  }
}
