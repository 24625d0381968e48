import { messageOf } from '@assay/shared/errors/pipeline-error';
import { z } from 'zod';
import { adviceFor, ARGILLA, createArgillaApi } from '../targets/argilla/argilla-api.ts';
import { argillaAccess, findDataset } from '../targets/argilla/argilla-dataset.ts';
import type { argillaFields } from '../targets/argilla/settings.ts';
import { createToolClient, type ToolAnswer, type ToolRequest } from '../targets/tool-client.ts';
import { type Checkup, clockFinding, type Finding } from './checkup.ts';
import { receivesEvent } from './test-event.ts';

export type ArgillaConfig = z.output<z.ZodObject<typeof argillaFields>>;

type Ask = (request: ToolRequest) => Promise<ToolAnswer>;

const versionSchema = z.object({ version: z.string() });
const hookSchema = z.looseObject({
  id: z.string(),
  url: z.string(),
  enabled: z.boolean(),
  events: z.array(z.string()),
});
const hooksSchema = z.object({ items: z.array(hookSchema) });

const PATH = '/v1/webhooks/argilla';
const WANTED = ['response.created', 'response.updated', 'response.deleted', 'record.deleted'];

/** Everything that has kept people from answering in Argilla, in the order in which it can be asked. */
export async function* argillaCheckup(
  config: ArgillaConfig,
  listenAt: string | undefined,
  signal: AbortSignal,
): Checkup {
  const { url, apiKey } = argillaAccess(config);
  const client = createToolClient(ARGILLA, url);
  const ask: Ask = (request) => client.ask({ ...request, headers: { 'x-argilla-api-key': apiKey } }, signal);
  try {
    const { body, at } = await ask({ method: 'GET', path: '/api/v1/version' });
    const version = versionSchema.safeParse(body);
    if (!version.success)
      return yield { what: `${url} is no Argilla 2`, fix: 'mend ARGILLA_URL; Argilla 1 is not spoken to.' };
    yield { what: `Argilla ${version.data.version} answers` };
    yield clockFinding(at, new Date());
    const who = await ask({ method: 'GET', path: '/api/v1/me' });
    if (who.status !== 200) return yield { what: 'ARGILLA_API_KEY is refused', fix: adviceFor(who.status) };
    yield { what: 'ARGILLA_API_KEY is known there' };
    yield await datasetFinding(config, signal);
    yield* webhookFindings(ask, config);
    if (listenAt !== undefined) yield await eventFinding(ask, listenAt);
  } catch (error) {
    yield { what: messageOf(error), fix: 'mend that first; nothing further could be asked.' };
  }
}

async function datasetFinding(config: ArgillaConfig, signal: AbortSignal): Promise<Finding> {
  const {
    ARGILLA_WORKSPACE: workspace,
    ARGILLA_DATASET: name,
    ARGILLA_LABELS: labels,
    ARGILLA_OVERLAP: overlap,
  } = config;
  const settings = { workspace, name, labels, overlap, confidence: undefined };
  const found = await findDataset(createArgillaApi(argillaAccess(config)), settings, signal);
  if (found !== null) return { what: `dataset ${name} takes our records` };
  if (labels.length > 0)
    return { what: `dataset ${name} is not there yet and will be made, with ${labels.length} labels` };
  return { what: `there is no dataset ${name}`, fix: 'make it, or set ARGILLA_LABELS and it is made.' };
}

async function* webhookFindings(ask: Ask, config: ArgillaConfig): Checkup {
  if (config.ARGILLA_WEBHOOK_SECRET === undefined)
    return yield {
      what: 'answers come by pulls alone',
      fix: `make a webhook to ${PATH}, and set ARGILLA_WEBHOOK_SECRET to its secret.`,
    };
  const { items } = hooksSchema.parse((await ask({ method: 'GET', path: '/api/v1/webhooks' })).body);
  const hook = items.find((one) => new URL(one.url).pathname === PATH);
  if (hook === undefined)
    return yield { what: `no webhook goes to ${PATH}`, fix: 'make one, and set ARGILLA_WEBHOOK_SECRET to its secret.' };
  yield { what: `webhooks go to ${new URL(hook.url).hostname}` };
  if (!hook.enabled) yield { what: 'its webhook is switched off', fix: 'switch it on.' };
  const missing = WANTED.filter((event) => !hook.events.includes(event));
  if (missing.length > 0)
    yield { what: `its webhook does not tell of ${missing.join(', ')}`, fix: 'add those events.' };
}

/** A webhook of its own for a moment, and a ping. */
async function eventFinding(ask: Ask, listenAt: string): Promise<Finding> {
  const url = `${listenAt.replace(/\/$/, '')}${PATH}`;
  const made = await ask({ method: 'POST', path: '/api/v1/webhooks', body: { url, events: ['dataset.deleted'] } });
  const hook = hookSchema.safeParse(made.body);
  if (!hook.success)
    return { what: 'it takes no further webhook', fix: 'it has at most ten; delete one that is not used.' };
  try {
    const ping = { method: 'POST', path: `/api/v1/webhooks/${hook.data.id}/ping` } as const;
    if (await receivesEvent(listenAt, () => ask(ping))) return { what: `an event of it arrives at ${listenAt}` };
    return {
      what: `no event of it arrives at ${listenAt}`,
      fix: 'does its worker run (argilla_server worker), and can it reach this machine?',
    };
  } finally {
    await ask({ method: 'DELETE', path: `/api/v1/webhooks/${hook.data.id}` });
  }
}
