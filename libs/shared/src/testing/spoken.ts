import type { Verb } from '../cli/config.ts';

export interface Spoken {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a verb of the command line and keeps what it says. */
export async function speak(verb: Verb, ...args: readonly string[]): Promise<Spoken> {
  const said = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof said) => ({ write: (text: string) => (said[name] += text) });
  const code = await verb.run(args, { stdout: stream('stdout'), stderr: stream('stderr') });
  return { code, ...said };
}
