import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FileOutcome } from '@assay/labels/label-file';
import type { SourceSettings } from '@assay/labels/label-row';
import type { LabelEntry, LabelContent } from './domain/label-entry.ts';
import type { PrivacySettings } from './domain/label-privacy.ts';

export interface ReaderSettings {
  /** What the label files of this system do not say by themselves. */
  readonly settings: SourceSettings;
  readonly privacy: PrivacySettings;
}

interface ReaderLimits {
  /** Objects and strings of the thread, not the bytes of the file. */
  readonly heapMb: number;
  /** A thread that says nothing for so long is taken to be caught in its file. */
  readonly silenceMs: number;
}

export interface FileToRead {
  readonly content: LabelContent;
  readonly bytes: Uint8Array;
}

export interface FileRead {
  readonly outcome: FileOutcome;
  readonly notes: readonly object[];
}

export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'chunk'; readonly entries: readonly LabelEntry[] }
  | ({ readonly kind: 'end' } & FileRead);

/** The thread that read a file did not live to its end, and nothing but the file can be why. */
export class UnreadableFileError extends Error {}

const DEFAULT_LIMITS: ReaderLimits = { heapMb: 512, silenceMs: 5 * 60_000 };

/**
 * Label files are read in a thread of their own: it has a memory limit, and the loop that answers health checks and sends
 * heartbeats never waits for a file. The thread lives for many files, and is made again after one has ended it.
 */
export class LabelFileReader {
  readonly #settings: ReaderSettings;
  readonly #limits: ReaderLimits;
  #thread: Promise<Thread> | undefined;

  constructor(settings: ReaderSettings, limits: Partial<ReaderLimits> = {}) {
    this.#settings = settings;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** Nothing is handed on of a file that is rejected, and no chunk before the one before it is handled. */
  async read(file: FileToRead, handle: (entries: readonly LabelEntry[]) => Promise<void>): Promise<FileRead> {
    const thread = await (this.#thread ??= startThread(this.#settings, this.#limits.heapMb));
    let isDone = false;
    try {
      thread.send(file, transferable(file.bytes));
      for (;;) {
        const message = await thread.receive(this.#limits.silenceMs);
        if (message.kind === 'end') {
          isDone = true;
          return { outcome: message.outcome, notes: message.notes };
        }
        if (message.kind === 'chunk') await handle(message.entries);
        thread.send('next');
      }
    } finally {
      // Half-way through a file, and of no use to the next one.
      if (!isDone) await this.close();
    }
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await (await thread)?.end();
  }
}

class Thread {
  readonly #worker: Worker;
  readonly #inbox: AsyncIterator<[WorkerMessage]>;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.#inbox = on(worker, 'message', { close: ['exit'] }) as AsyncIterator<[WorkerMessage]>;
    // Told by the inbox; without a listener the process would end.
    worker.on('error', () => {});
    worker.unref();
  }

  send(message: unknown, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  async receive(silenceMs: number): Promise<WorkerMessage> {
    const timer = setTimeout(() => void this.#worker.terminate(), silenceMs);
    try {
      const { value, done } = await this.#inbox.next();
      if (done !== true) return value[0];
    } catch (error) {
      throw new UnreadableFileError(`reading a label file ended its thread: ${String(error)}`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
    throw new UnreadableFileError(`reading a label file said nothing for ${silenceMs / 1000} s`);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

const IS_SOURCE = import.meta.url.endsWith('.ts');

/** A thread that does not even start is a broken installation, and no file's fault. */
async function startThread(settings: ReaderSettings, heapMb: number): Promise<Thread> {
  const worker = new Worker(new URL(`./label-file-worker.${IS_SOURCE ? 'ts' : 'js'}`, import.meta.url), {
    workerData: settings,
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 32 },
    // Packages resolve as they do for this file.
    ...(IS_SOURCE ? { execArgv: ['--conditions=assay-source'] } : {}),
  });
  const thread = new Thread(worker);
  try {
    await thread.receive(START_MS);
  } catch (error) {
    throw new Error('starting the thread that reads label files', { cause: error });
  }
  return thread;
}

const START_MS = 60_000;

/** Small buffers share their memory with others. */
function transferable({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
