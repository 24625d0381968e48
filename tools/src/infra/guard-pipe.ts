import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ChildRecord } from './child-record.ts';
import { startTimeInThisBoot } from './process-identity.ts';

const script = fileURLToPath(new URL('../../guard/guard.sh', import.meta.url));

export interface Guard {
  readonly pid: number | undefined;
  /** From now on this child ends when we do. Nobody needs to tell when it has ended before: its pid alone means nothing. */
  watch(child: ChildRecord): void;
  /** The scratch folder to remove at the end. */
  removeAtEnd(folder: string): void;
  /** Lets the guard go; returns when it has done what is still registered. */
  close(): Promise<void>;
}

/** Commands sent before the guard has started wait in the pipe, and a pipe is read to its end: no start is too early. */
export function startGuard(log: (line: string) => void, patienceSeconds = 30): Guard {
  // `detached` makes a session of its own, so neither Ctrl-C nor a closed terminal reaches it.
  const child = spawn('/bin/sh', [script, String(patienceSeconds)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  });
  child.unref();
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let isClosing = false;
  child.once('exit', (code, signal) => {
    if (!isClosing) log(`the guard ended (${signal ?? code}); if this process is killed now, its children stay behind`);
  });
  child.once('error', (error) => log(`the guard could not be started: ${error.message}`));
  child.stdin.on('error', (error) => log(`the guard cannot be reached: ${error.message}`));
  const send = (...words: (string | number)[]): void => void child.stdin.write(`${words.join(' ')}\n`);
  return {
    pid: child.pid,
    watch: (record) => send('watch', record.pid, startTimeInThisBoot(record), record.gentleSignal.slice('SIG'.length)),
    removeAtEnd: (folder) => send('remove', folder),
    close: () => {
      isClosing = true;
      child.ref();
      child.stdin.end();
      return ended;
    },
  };
}
