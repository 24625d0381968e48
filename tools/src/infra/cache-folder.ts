import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

/** Where jars and class data archives are kept for all projects and runs of one user. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const folder = chooseFolder(env);
  if (!folder.includes(delimiter)) return folder;
  throw new Error(`the cache folder ${folder} cannot be part of a Java class path; choose one without "${delimiter}".`);
}

function chooseFolder(env: NodeJS.ProcessEnv): string {
  if (env['ASSAY_CACHE_DIR']) return resolve(env['ASSAY_CACHE_DIR']);
  // The XDG specification says to ignore a relative path.
  if (env['XDG_CACHE_HOME']?.startsWith('/')) return join(env['XDG_CACHE_HOME'], 'assay');
  return join(homedir(), '.cache', 'assay');
}
