#!/usr/bin/env node
// The command line. A verb lives in the service or lib that owns it and is loaded only when it is called,
// so `assay mask` starts without loading Kafka. A verb module exports `verb: { summary, usage, run(args, io) }`.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const verbs = {
  account: 'libs/shared/dist/cli/account.verb.js',
  convert: 'libs/labels/dist/cli/convert.verb.js',
  journey: 'libs/shared/dist/cli/journey.verb.js',
  mask: 'libs/pii/dist/cli/mask.verb.js',
  offsets: 'libs/shared/dist/cli/offsets.verb.js',
  reconcile: 'libs/shared/dist/cli/reconcile.verb.js',
  redecide: 'services/quality-validator/dist/decisions/redecide.verb.js',
  release: 'services/output/dist/releases/release.verb.js',
  validate: 'apps/validate/dist/validate.verb.js',
};

async function load(name) {
  const file = join(root, verbs[name]);
  if (!existsSync(file)) throw new Error(`the command line is not built yet; run: npm run build`);
  return (await import(pathToFileURL(file).href)).verb;
}

async function help() {
  const lines = await Promise.all(
    Object.keys(verbs).map(async (name) => `  ${name.padEnd(10)} ${(await load(name)).summary}`),
  );
  return `usage: assay <verb> [options]\n\n${lines.join('\n')}\n\nassay <verb> --help tells the options of one.\n`;
}

async function main([name, ...args]) {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(await help());
    return name === undefined ? 2 : 0;
  }
  if (!Object.hasOwn(verbs, name)) {
    process.stderr.write(`assay: there is no verb "${name}".\n\n${await help()}`);
    return 2;
  }
  const verb = await load(name);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${verb.usage}\n`);
    return 0;
  }
  return verb.run(args, { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr });
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
