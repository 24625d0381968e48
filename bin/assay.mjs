#!/usr/bin/env node
// The command line. A verb lives in the program, service or lib that owns it and is loaded only when it is called, so
// `assay mask` starts without loading Kafka. What a verb is, says libs/cli.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const homes = {
  account: 'libs/shared/dist/cli/account.verb.js',
  convert: 'libs/labels/dist/cli/convert.verb.js',
  dlq: 'libs/shared/dist/cli/dlq.verb.js',
  doctor: 'services/annotation-bridge/dist/doctor/doctor.verb.js',
  export: 'services/output/dist/releases/export.verb.js',
  journey: 'libs/shared/dist/cli/journey.verb.js',
  lives: 'libs/shared/dist/cli/lives.verb.js',
  mask: 'libs/pii/dist/cli/mask.verb.js',
  migrate: 'libs/shared/dist/cli/migrate.verb.js',
  offsets: 'libs/shared/dist/cli/offsets.verb.js',
  partitions: 'libs/shared/dist/cli/partitions.verb.js',
  reconcile: 'libs/shared/dist/cli/reconcile.verb.js',
  redecide: 'services/quality-validator/dist/decisions/redecide.verb.js',
  release: 'services/output/dist/releases/release.verb.js',
  validate: 'apps/validate/dist/validate.verb.js',
};

/** Undefined where the file is not here: nothing is built yet, or an image leaves the verb out. */
async function load(path) {
  const file = join(root, path);
  return existsSync(file) ? import(pathToFileURL(file).href) : undefined;
}

async function main(args) {
  const commandLine = await load('libs/cli/dist/command-line.js');
  if (commandLine === undefined) throw new Error('the command line is not built yet; run: npm run build');
  const verbs = Object.entries(homes).map(([name, path]) => [name, async () => (await load(path))?.verb]);
  return commandLine.runCommandLine(Object.fromEntries(verbs), args, process);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`assay: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
