import { defineVerb, exitCodes, UsageError } from '@assay/cli/verb';
import { openBlobStore } from '@assay/shared/blob/open-blob-store';
import { CONNECTION_USAGE, connectionOptions, readEndpoints, required } from '@assay/shared/cli/config';
import { withDatabase } from '@assay/shared/cli/with-database';
import { containers, releaseName } from '@assay/shared/contracts/blobs';
import { roles } from '@assay/shared/contracts/roles';
import { withBackoff } from '@assay/shared/pipeline/backoff';
import { formatNamesSchema, readReleaseFormats } from '../config.ts';
import type { ReleaseFormat } from '../formats/format.ts';
import { releaseFormats } from '../formats/registry.ts';
import { makeRelease, type ReleaseOutcome } from './make-release.ts';

/** Two runs at once meet at one lock for milliseconds; an outage is worth a few tries, too. */
const BACKOFF = { firstDelayMs: 100, maxDelayMs: 2_000, giveUpAfterMs: 30_000 };

export const verb = defineVerb({
  name: 'release',
  summary: 'make the next release of the training set',
  usage: `usage: assay release [options]

What the gold stream says now, without what was taken back, becomes gold/releases/<n>/clean_training_dataset.jsonl, a file
for each other format, and manifest.json, and releases/latest names it. When nothing has changed since the newest release, it
says so and makes none. One that was interrupted is finished first. Exits 1 while there is nothing to release.

  --format LIST    formats with commas between (default OUTPUT_RELEASE_FORMATS, or jsonl alone); jsonl is always one.
                   There are: ${releaseFormats.map(({ name }) => name).join(', ')}
${CONNECTION_USAGE}`,
  options: { ...connectionOptions, format: { type: 'list' } },

  async run({ values }, { stdout, stderr }) {
    const formats = values.format === undefined ? readReleaseFormats() : formatsNamed(values.format);
    const dataDir = values['data-dir'];
    const endpoints = await readEndpoints(dataDir);
    const connection = required(endpoints, 'blobConnectionString', 'BLOB_CONNECTION_STRING', dataDir);
    const blobs = await openBlobStore(connection, containers.gold);
    const outcome = await withDatabase(dataDir, roles.output, (postgres) =>
      withBackoff(() => makeRelease({ postgres, blobs, known: releaseFormats }, formats), {
        backoff: BACKOFF,
        stopping: new AbortController().signal, // a signal ends the process; what it was doing is done again
        onRetry: async ({ message }) => void stderr.write(`assay release: ${message}; trying again\n`),
      }),
    );
    stdout.write(values.json ? `${JSON.stringify(outcome)}\n` : renderRelease(outcome));
    return outcome.kind === 'empty' ? exitCodes.failed : exitCodes.done;
  },
});

function formatsNamed(names: readonly string[]): readonly ReleaseFormat[] {
  const read = formatNamesSchema.safeParse(names);
  if (read.success) return read.data;
  throw new UsageError(`--format: ${read.error.issues.map(({ message }) => message).join('; ')}`);
}

export function renderRelease(outcome: ReleaseOutcome): string {
  if (outcome.kind === 'empty') return 'There is nothing to release: no document has been gold yet.\n';
  const { release, line_count, files } = outcome.manifest;
  const head = outcome.kind === 'released' ? `Release ${release}` : `Nothing has changed since release ${release}`;
  const lines = files.map(
    ({ name, bytes, sha256 }) => `  gold/${releaseName(release, name)}: ${bytes} bytes\n  sha256 ${sha256}\n`,
  );
  return `${head}: ${line_count} documents\n${lines.join('')}`;
}
