import { rename, writeFile } from 'node:fs/promises';
import { defineVerb, exitCodes, UsageError } from '@assay/cli/verb';
import { CONNECTION_USAGE, connectionOptions } from '@assay/shared/cli/config';
import { withDatabase } from '@assay/shared/cli/with-database';
import { roles } from '@assay/shared/contracts/roles';
import { jsonl } from '../formats/jsonl/jsonl.ts';
import { releaseFormats } from '../formats/registry.ts';
import { measureFile } from './release-file.ts';
import { findLastSeq, releaseLines } from './release-lines.ts';

const names = releaseFormats.map(({ name }) => name).join(', ');

export const verb = defineVerb({
  name: 'export',
  summary: 'write what is gold now to a file, without making a release',
  usage: `usage: assay export --out FILE [options]

FILE gets the bytes that a release made now would have. It is there once it is whole; until then they are in FILE.partial.

  --out FILE       where to write
  --format NAME    the format (default ${jsonl.name}). There are: ${names}
${CONNECTION_USAGE}`,

  options: {
    ...connectionOptions,
    format: { type: 'string', default: jsonl.name },
    out: { type: 'string' },
  },

  async run({ values }, { stdout }) {
    const { out, format: name } = values;
    if (out === undefined) throw new UsageError('--out FILE is missing: say where to write');
    const format = releaseFormats.find((one) => one.name === name);
    if (format === undefined) throw new UsageError(`--format: "${name}" is no format; there are: ${names}`);
    const partial = `${out}.partial`;
    const { file } = await withDatabase(values['data-dir'], roles.output, async (postgres) =>
      measureFile(format, releaseLines(postgres, await findLastSeq(postgres)), (pieces) => writeFile(partial, pieces)),
    );
    await rename(partial, out);
    const { sha256, bytes, line_count } = file;
    stdout.write(
      values.json
        ? `${JSON.stringify({ out, format: name, sha256, bytes, line_count })}\n`
        : `${line_count} documents\n  ${out}: ${bytes} bytes\n  sha256 ${sha256}\n`,
    );
    return exitCodes.done;
  },
});
