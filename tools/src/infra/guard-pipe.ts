import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { GuardCommand } from './guard.ts';

export interface Guard {
  readonly pid: number | undefined;
  send(command: GuardCommand): void;
  /** Lets the guard go; it still does what is registered. */
  close(): Promise<void>;
}

/** Commands sent before the guard has started wait in the pipe, and a pipe is read to its end: no start is too early. */
export function startGuard(log: (line: string) => void): Guard {
  const script = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? 'guard.ts' : 'guard.js', import.meta.url));
  // `detached` makes a session of its own, so neither Ctrl-C nor a closed terminal reaches it.
  const child = spawn(process.execPath, [script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], cwd: '/' });
  child.unref();
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let isClosing = false;
  child.once('exit', (code, signal) => {
    if (!isClosing) log(`the guard ended (${signal ?? code}); if this process is killed now, its children stay behind`);
  });
  child.stdin.on('error', (error) => log(`the guard cannot be reached: ${error.message}`));
  return {
    pid: child.pid,
    send: (command) => void child.stdin.write(`${JSON.stringify(command)}\n`),
    close: () => {
      isClosing = true;
      child.ref();
      child.stdin.end();
      return ended;
    },
  };
}
