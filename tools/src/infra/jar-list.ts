import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** File name → sha256. */
export type JarList = ReadonlyMap<string, string>;

/** Reads the format of sha256sum: hash, two spaces, file name. */
export function parseJarList(text: string): JarList {
  const jars = new Map<string, string>();
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const match = /^([0-9a-f]{64}) [ *]([^/\\]+\.jar)$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined)
      throw new Error(`jars.sha256 has an unreadable line: ${line}`);
    jars.set(match[2], match[1]);
  }
  return jars;
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** One sentence part per jar that is missing or not what the list says. */
export async function findWrongJars(folder: string, jars: JarList): Promise<string[]> {
  const wrong: string[] = [];
  for (const [name, expected] of jars) {
    const file = join(folder, name);
    if (!existsSync(file)) {
      wrong.push(`${name} is missing`);
      continue;
    }
    const actual = await sha256(file);
    if (actual !== expected) wrong.push(`${name} has sha256 ${actual}, expected ${expected}`);
  }
  return wrong;
}

/**
 * Changes whenever a jar was replaced. Hashing 60 MB at each start would cost a fifth of a second, so an unchanged
 * size and time counts as an unchanged jar. The JVM compares the same two before it trusts a class data archive.
 */
export function fingerprintOf(folder: string, jars: JarList): string {
  const hash = createHash('sha256').update(folder);
  for (const name of jars.keys()) {
    const stat = statSync(join(folder, name), { throwIfNoEntry: false });
    hash.update(`\0${name}\0${stat?.size}\0${stat?.mtimeMs}`);
  }
  return hash.digest('hex').slice(0, 32);
}

/** Explicit and sorted: a class data archive is only valid for exactly the class path it was made with. */
export function classPathOf(folder: string, jars: JarList, separator: string): string {
  return [...jars.keys()]
    .toSorted()
    .map((name) => join(folder, name))
    .join(separator);
}
