// The guard: a process of its own session that outlives its parent by one deed. It reads commands from a pipe whose
// other end only the parent holds; when the pipe closes, however the parent ended, it ends what is still registered.
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { type ChildRecord, endProcess } from './child-record.ts';

export type GuardCommand =
  | { readonly op: 'watch'; readonly child: ChildRecord }
  | { readonly op: 'forget'; readonly pid: number }
  | { readonly op: 'remove-folder-at-end'; readonly folder: string };

/** The same as an orderly stop allows; Kafka may be writing its class data archive. */
const gentleMs = 15_000;

async function main(): Promise<void> {
  const children = new Map<number, ChildRecord>();
  const folders = new Set<string>();
  // Somebody who signals the whole process tree means the children; the guard must outlive the parent to end them.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line) as GuardCommand;
    switch (command.op) {
      case 'watch':
        children.set(command.child.pid, command.child);
        break;
      case 'forget':
        children.delete(command.pid);
        break;
      case 'remove-folder-at-end':
        folders.add(command.folder);
        break;
    }
  }
  await Promise.all([...children.values()].map((child) => endProcess(child, gentleMs)));
  await Promise.all([...folders].map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 5 })));
}

await main();
