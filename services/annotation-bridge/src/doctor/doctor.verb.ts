import { defineVerb, exitCodes, UsageError } from '@assay/cli/verb';
import { argillaCheckup } from './argilla-checkup.ts';
import type { Checkup, Finding } from './checkup.ts';
import { readArgillaConfig, readLabelStudioConfig } from './config.ts';
import { labelStudioCheckup } from './label-studio-checkup.ts';

const checkups: Readonly<Record<string, (listenAt: string | undefined, signal: AbortSignal) => Checkup>> = {
  'label-studio': (listenAt, signal) => labelStudioCheckup(readLabelStudioConfig(), listenAt, signal),
  argilla: (listenAt, signal) => argillaCheckup(readArgillaConfig(), listenAt, signal),
};
const tools = Object.keys(checkups).join(', ');

const WITHIN_MS = 60_000;

export const verb = defineVerb({
  name: 'doctor',
  summary: 'look at a labelling tool and say what is wrong with it and what mends it',
  usage: `usage: assay doctor TOOL [options]

Asks a labelling tool (${tools}) what annotation-bridge would need of it: whether it answers, what kind of key it was given, its
clock, the project or dataset, its webhooks. Reads the settings of that tool as annotation-bridge has them (LABEL_STUDIO_*,
ARGILLA_*). Changes nothing that stays. Exits 1 when something is to be mended.

  --listen URL     have the tool send an event to this address of this machine, such as http://10.0.0.5:9099, and wait for it
  --json           JSON instead of text`,
  options: {
    listen: { type: 'string' },
    json: { type: 'boolean' },
  },
  words: { least: 1, most: 1, are: 'TOOL' },

  async run({ values, words }, { stdout }) {
    const checkup = checkups[words[0]!];
    if (checkup === undefined) throw new UsageError(`there is no tool "${words[0]}"; there are: ${tools}`);
    if (values.listen !== undefined && !URL.canParse(values.listen))
      throw new UsageError('--listen must be an address, such as http://10.0.0.5:9099');
    const found: Finding[] = [];
    for await (const finding of checkup(values.listen, AbortSignal.timeout(WITHIN_MS))) {
      found.push(finding);
      if (!values.json) stdout.write(textOf(finding));
    }
    if (values.json) stdout.write(`${JSON.stringify(found)}\n`);
    return found.every(({ fix }) => fix === undefined) ? exitCodes.done : exitCodes.failed;
  },
});

const textOf = ({ what, fix }: Finding): string =>
  fix === undefined ? `good  ${what}\n` : `mend  ${what}\n      → ${fix}\n`;
