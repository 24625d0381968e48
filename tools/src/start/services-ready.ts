import type { ServiceAddresses } from './service-table.ts';
import type { Look } from './wait-for.ts';

/** What a service waits for, by name; none when it is ready, undefined while it does not answer. */
export type Answer = readonly string[] | undefined;

/** From `GET /ready`, whose body names each dependency and how it is. */
export function waitsFor(status: number, body: unknown): Answer {
  if (status === 200) return [];
  const { dependencies = {} } = (body ?? {}) as { dependencies?: Readonly<Record<string, string>> };
  return Object.entries(dependencies)
    .filter(([, state]) => state !== 'up')
    .map(([name]) => name);
}

async function askWhetherReady(address: string): Promise<Answer> {
  try {
    const response = await fetch(`${address}/ready`, { signal: AbortSignal.timeout(5_000) });
    return waitsFor(response.status, await response.json());
  } catch (error) {
    // A service that is just starting again refuses, resets or answers late; its supervisor says what is the matter.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function describe(name: string, answer: Answer): string {
  if (answer === undefined) return `${name} does not answer`;
  return `${name} waits for ${answer.join(', ') || 'something'}`;
}

/** A process that runs may still lack its topics' leaders or the change event connector; then nothing would flow yet. */
export async function lookAtServices(services: ServiceAddresses): Promise<Look> {
  const answers = await Promise.all(
    Object.entries(services).map(async ([name, address]) => [name, await askWhetherReady(address)] as const),
  );
  const missing = answers.filter(([, answer]) => answer?.length !== 0);
  const isDone = missing.length === 0;
  const note = missing.map(([name, answer]) => describe(name, answer)).join('; ');
  return { isDone, done: answers.length - missing.length, of: answers.length, ...(isDone ? {} : { note }) };
}
