import { type ClassDataArchive, classDataArchive } from './class-data-archive.ts';
import { ensureJars, type JarSource, type Jars } from './jars.ts';
import type { Java } from './java.ts';

export interface Jvm {
  readonly java: Java;
  readonly jars: Jars;
  readonly cache: string;
}

export async function prepareJvm(java: Java, source: JarSource): Promise<Jvm> {
  return { java, jars: await ensureJars(source), cache: source.cache };
}

export function archiveFor(jvm: Jvm, part: string): ClassDataArchive {
  return classDataArchive(jvm.cache, part, jvm.java, jvm.jars);
}

/**
 * Measured on two cores: SerialGC and C1 only take the broker's start from 5.9 to 3.5 s and its memory from 220 to
 * 170 MB, log level warn to 2.1 s.
 */
export function jvmArguments(jvm: Jvm, heapMb: number, archiveFlags: readonly string[]): string[] {
  return [
    '-Xms64m',
    `-Xmx${heapMb}m`,
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-XX:-UsePerfData',
    // A JVM that is out of memory often lives on and answers nothing.
    '-XX:+ExitOnOutOfMemoryError',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    '-Dorg.slf4j.simpleLogger.showDateTime=true',
    '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS',
    ...archiveFlags,
    '-cp',
    jvm.jars.classPath,
  ];
}
