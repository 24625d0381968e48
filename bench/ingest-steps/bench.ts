// `npm run bench -- ingest-steps [--count 20000] [--seed 7]`: CPU seconds per 100,000 tickets of each step of the ticket lane, and
// of masking without names beside it. Of eight rounds the best, each over all tickets: nothing but the steps runs.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildServices, root } from '@assay/tools/start/build-services';
import { generateTickets, ticketLine } from '@assay/tools/tickets/tickets';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '20000' }, seed: { type: 'string', default: '7' } },
});
const tickets = generateTickets({ count: Number(values.count), seed: Number(values.seed) });
const input = Array.from(tickets, ticketLine).join('\n');

await buildServices(['ingest'], new AbortController().signal);
process.stdout.write(`${values.count} tickets, CPU seconds per 100,000:\n`);
const program = join(root, 'services/ingest/dist/testing/measure-steps.js');
const { status } = spawnSync(process.execPath, [program], { input, stdio: ['pipe', 'inherit', 'inherit'] });
process.exit(status ?? 1);
