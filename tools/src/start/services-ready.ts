import type { ServiceAddresses } from './service-table.ts';
import type { Look } from './wait-for.ts';

/** From `GET /ready`, whose body names each dependency and how it is; undefined when the service is ready. */
async function whatIsMissing(name: string, address: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${address}/ready`, { signal: AbortSignal.timeout(5_000) });
    const { dependencies = {} } = (await response.json()) as { dependencies?: Readonly<Record<string, string>> };
    if (response.status === 200) return undefined;
    const missing = Object.keys(dependencies).filter((each) => dependencies[each] !== 'up');
    return missing.length > 0 ? `${name} waits for ${missing.join(', ')}` : `${name} is not ready`;
  } catch (error) {
    // A service that is just starting again refuses, resets or answers late; its supervisor says what is the matter.
    if (error instanceof Error) return `${name} does not answer`;
    throw error;
  }
}

/** A process that runs may still lack its topics' leaders or the change event connector; then nothing would flow yet. */
export async function lookAtServices(services: ServiceAddresses): Promise<Look> {
  const all = await Promise.all(Object.entries(services).map(([name, address]) => whatIsMissing(name, address)));
  const missing = all.filter((each) => each !== undefined);
  const progress = { isDone: missing.length === 0, done: all.length - missing.length, of: all.length };
  return missing.length === 0 ? progress : { ...progress, note: missing.join('; ') };
}
