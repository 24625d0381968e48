import { messageOf } from '../errors/pipeline-error.ts';

/** One thing the service cannot work without. `check` throws or rejects when it is down. */
export interface ReadinessCheck {
  readonly name: string;
  check(): Promise<void>;
}

export interface Readiness {
  readonly status: 'ready' | 'not ready';
  /** Each dependency by name: `up`, or what is wrong with it. */
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Asks all at once, and none for longer than `timeoutMs`: a probe must answer while its dependencies do not. */
export async function readiness(checks: readonly ReadinessCheck[], timeoutMs: number): Promise<Readiness> {
  const answers = await Promise.all(
    checks.map(async (dependency) => [dependency.name, await ask(dependency, timeoutMs)] as const),
  );
  const ready = answers.every(([, answer]) => answer === 'up');
  return { status: ready ? 'ready' : 'not ready', dependencies: Object.fromEntries(answers) };
}

async function ask(dependency: ReadinessCheck, timeoutMs: number): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${timeoutMs} ms`), timeoutMs);
  });
  const answer = dependency.check().then(
    () => 'up',
    (error: unknown) => messageOf(error),
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
