import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Jars } from './jars.ts';
import type { Java } from './java.ts';

/**
 * Class data archives (AppCDS) halve the start of a JVM: the broker answers after about one second instead of two.
 * The first run records one while it stops (3 s longer), later runs use it. An archive that does not fit is ignored by
 * the JVM (-Xshare:auto), so nothing here can make a start fail.
 */
export interface ClassDataArchive {
  readonly flags: readonly string[];
  /** Called after the JVM ended; publishes what it recorded. */
  readonly keep: () => void;
}

export function archiveName(part: string, java: Java, jars: Jars): string {
  const key = createHash('sha256').update(`${java.version}\0${java.command}\0${jars.fingerprint}\0${jars.classPath}`);
  return `${part}-${java.version.replaceAll(/[^\w.]/g, '_')}-${key.digest('hex').slice(0, 12)}.jsa`;
}

export function classDataArchive(cache: string, part: string, java: Java, jars: Jars): ClassDataArchive {
  const folder = join(cache, 'class-data');
  mkdirSync(folder, { recursive: true });
  const name = archiveName(part, java, jars);
  const archive = join(folder, name);
  if (existsSync(archive)) {
    // Recordings of runs that were killed, or that came second.
    for (const file of readdirSync(folder))
      if (file.startsWith(`${name}.`)) rmSync(join(folder, file), { force: true });
    return { flags: ['-Xshare:auto', `-XX:SharedArchiveFile=${archive}`], keep: () => {} };
  }
  const recording = `${archive}.${randomUUID()}`;
  return {
    flags: [`-XX:ArchiveClassesAtExit=${recording}`, '-Xlog:cds=off', '-Xlog:cds+dynamic=off'],
    keep: () => {
      // A JVM that was killed leaves nothing or a part; it writes the file as its last deed, so a clean exit has it whole.
      if (!existsSync(recording)) return;
      if (existsSync(archive)) rmSync(recording, { force: true });
      else renameSync(recording, archive);
    },
  };
}
