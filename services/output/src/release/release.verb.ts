import type { Readable, Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { createAzureBlobStore } from '@assay/shared/blob/azure-blob-store';
import { containers } from '@assay/shared/contracts/blobs';
import { roles } from '@assay/shared/contracts/roles';
import { isRetriable, messageOf, PipelineError } from '@assay/shared/errors/pipeline-error';
import { withBackoff } from '@assay/shared/kafka/backoff';
import { createPool, createPostgres } from '@assay/shared/postgres/postgres';
import { readReleaseConfig, type ReleaseConfig } from '../config.ts';
import { makeRelease, type ReleaseOutcome } from './make-release.ts';

const DONE = 0;
const FAILED = 1;
const BAD_USAGE = 2;

const usage = `usage: assay release [--json]

Makes the next release of the training set: what the gold stream says now, without what was taken back, as
gold/releases/<n>/clean_training_dataset.jsonl with its manifest.json; releases/latest names the newest. When nothing
has changed since the newest release, it says so and makes none. One that was interrupted is finished first.

  --json    print the manifest as JSON

Needs DATABASE_URL and BLOB_CONNECTION_STRING.`;

interface Streams {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** Two runs at once meet at one lock for milliseconds; an outage is worth a few tries, too. */
const BACKOFF = { firstDelayMs: 100, maxDelayMs: 2_000, giveUpAfterMs: 30_000 };
/** No consumer group waits for this; the limits on statements follow from it. */
const SESSION_TIMEOUT_MS = 60_000;

async function run(args: readonly string[], { stdout, stderr }: Streams): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    stderr.write(`assay release: ${options}\n\n${usage}\n`);
    return BAD_USAGE;
  }
  try {
    const outcome = await release(readReleaseConfig(), (line) => void stderr.write(line));
    stdout.write(options.json ? `${JSON.stringify(outcome, null, 2)}\n` : told(outcome));
    return outcome.kind === 'empty' ? FAILED : DONE;
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    stderr.write(`assay release: ${error.message}\n`);
    return error.code === 'CONFIG_INVALID' ? BAD_USAGE : FAILED;
  }
}

async function release(config: ReleaseConfig, tell: (line: string) => void): Promise<ReleaseOutcome> {
  const settings = { ...config, KAFKA_SESSION_TIMEOUT_MS: SESSION_TIMEOUT_MS };
  const pool = createPool({ settings, applicationName: 'assay-release', role: roles.output });
  const postgres = createPostgres(pool, (error) => tell(`an idle connection to Postgres ended: ${error.message}\n`));
  const blobs = createAzureBlobStore(config.BLOB_CONNECTION_STRING, containers.gold);
  try {
    return await withBackoff(() => makeRelease(postgres, blobs), {
      backoff: BACKOFF,
      stopping: new AbortController().signal,
      onRetry: async (error) => tell(`${isRetriable(error) ? error.message : messageOf(error)}; trying again\n`),
    });
  } finally {
    await postgres.close();
  }
}

function readOptions(args: readonly string[]): { readonly json: boolean } | string {
  try {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } });
    return values;
  } catch (error) {
    return messageOf(error);
  }
}

function told(outcome: ReleaseOutcome): string {
  if (outcome.kind === 'empty') return 'There is nothing to release: no document has been gold yet.\n';
  const { release: number, file, line_count, bytes, sha256 } = outcome.manifest;
  const head = outcome.kind === 'released' ? `Release ${number}` : `Nothing has changed since release ${number}`;
  return `${head}: ${line_count} documents, ${bytes} bytes\n  gold/${file}\n  sha256 ${sha256}\n`;
}

export const verb = {
  summary: 'make the next release of the training set',
  usage,
  run,
};
