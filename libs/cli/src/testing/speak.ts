import { Readable, Writable } from 'node:stream';
import { runVerb } from '../run-verb.ts';
import type { Terminal, Verb } from '../verb.ts';

/** Keeps what is written, and always has less room than that: a verb that does not wait for it is found out. */
class Sink extends Writable {
  text = '';

  constructor() {
    super({ highWaterMark: 16 });
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}

export interface Spoken {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Gives something a terminal and keeps what it says there. */
export async function withTerminal(
  run: (terminal: Terminal) => Promise<number>,
  input: string | Uint8Array = '',
): Promise<Spoken> {
  const [stdout, stderr] = [new Sink(), new Sink()];
  const code = await run({ stdin: Readable.from([Buffer.from(input)]), stdout, stderr });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

/** Runs a verb as the command line does. */
export const speak = (verb: Verb, ...args: readonly string[]): Promise<Spoken> => speakInto('', verb, ...args);

/** The same with something on its standard input. */
export const speakInto = (input: string | Uint8Array, verb: Verb, ...args: readonly string[]): Promise<Spoken> =>
  withTerminal((terminal) => runVerb(verb, args, terminal), input);
