import { on } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import type { FileToRead, ReaderSettings, WorkerMessage } from './label-file-reader.ts';
import { forEachChunk, judgeFile, notesOn } from './domain/label-file-scan.ts';
import { createLabelPrivacy } from './domain/label-privacy.ts';

// The thread in which label files are read: what a file costs is its own, and whatever it does to this thread it does to no
// other. One message in, one out, in turns: a chunk is followed by the next when the one before has arrived in Kafka.

const port = parentPort!;
const { settings, privacy: privacySettings } = workerData as ReaderSettings;
const privacy = createLabelPrivacy(privacySettings);
const inbox = on(port, 'message');
const nextMessage = async (): Promise<unknown> => ((await inbox.next()).value as [unknown])[0];
const tell = (message: WorkerMessage): void => port.postMessage(message);

tell({ kind: 'ready' });
for (;;) {
  const { content, bytes } = (await nextMessage()) as FileToRead;
  const file = await judgeFile(content, bytes, settings);
  if (file.outcome.kind === 'read') {
    await forEachChunk(file, privacy, async (entries) => {
      tell({ kind: 'chunk', entries });
      await nextMessage();
    });
  }
  tell({ kind: 'end', outcome: file.outcome, notes: notesOn(file) });
}
