import { messageOf } from '@assay/shared/errors/pipeline-error';
import { z } from 'zod';
import { asUser, type AskAsUser, isPersonalToken } from '../targets/label-studio/credentials.ts';
import { labelConfigFaults } from '../targets/label-studio/domain/label-config.ts';
import { dataKeys } from '../targets/label-studio/domain/outgoing-tasks.ts';
import { adviceFor, createLabelStudioApi, LABEL_STUDIO } from '../targets/label-studio/label-studio-api.ts';
import { labelStudioAccess } from '../targets/label-studio/label-studio-target.ts';
import type { labelStudioFields } from '../targets/label-studio/settings.ts';
import { createToolClient } from '../targets/tool-client.ts';
import { type Checkup, clockFinding, type Finding, webhookHostFinding } from './checkup.ts';
import { receivesEvent } from './test-event.ts';

export type LabelStudioConfig = z.output<z.ZodObject<typeof labelStudioFields>>;

const versionSchema = z.looseObject({ release: z.string() });
const hookSchema = z.looseObject({ id: z.int(), url: z.string(), is_active: z.boolean(), headers: z.unknown() });
type Hook = z.output<typeof hookSchema>;

const PATH = '/v1/webhooks/label-studio';

/** Everything that has kept people from labelling in Label Studio, in the order in which it can be asked. */
export async function* labelStudioCheckup(
  config: LabelStudioConfig,
  listenAt: string | undefined,
  signal: AbortSignal,
): Checkup {
  const { url, apiKey, projectId } = labelStudioAccess(config);
  const client = createToolClient(LABEL_STUDIO, url);
  try {
    const { body, at } = await client.ask({ method: 'GET', path: '/api/version/' }, signal);
    const version = versionSchema.safeParse(body);
    if (!version.success) return yield { what: `${url} is no Label Studio`, fix: 'mend LABEL_STUDIO_URL.' };
    yield { what: `Label Studio ${version.data.release} answers` };
    yield clockFinding(at, new Date());
    const ask = asUser(client, apiKey);
    const kind = isPersonalToken(apiKey) ? 'a personal access token' : 'a legacy token';
    const who = await ask({ method: 'GET', path: '/api/current-user/whoami' }, signal);
    if (who.status !== 200)
      return yield { what: `LABEL_STUDIO_API_KEY, ${kind}, is refused`, fix: adviceFor(who, projectId) };
    yield { what: `LABEL_STUDIO_API_KEY is ${kind}, and known there` };
    yield* projectFindings(config, signal);
    yield* webhookFindings(ask, config, signal);
    if (listenAt !== undefined) yield await eventFinding(ask, projectId, listenAt, signal);
  } catch (error) {
    yield { what: messageOf(error), fix: 'mend that first; nothing further could be asked.' };
  }
}

async function* projectFindings(config: LabelStudioConfig, signal: AbortSignal): Checkup {
  const access = labelStudioAccess(config);
  const project = await createLabelStudioApi(access).project(signal);
  const overlap = config.LABEL_STUDIO_OVERLAP ?? project.maximum_annotations;
  yield {
    what: `project ${access.projectId} is there, with ${project.task_number ?? 0} tasks for ${overlap} each to see`,
  };
  const faults = labelConfigFaults(project.label_config, dataKeys(config.LABEL_STUDIO_FIELDS));
  if (faults.length === 0) yield { what: 'its label config shows what our tasks have, and asks for labels' };
  yield* faults;
}

async function* webhookFindings(ask: AskAsUser, config: LabelStudioConfig, signal: AbortSignal): Checkup {
  const secret = config.LABEL_STUDIO_WEBHOOK_SECRET;
  const alone = 'answers come by pulls alone';
  if (secret === undefined)
    return yield { what: alone, fix: 'set LABEL_STUDIO_WEBHOOK_SECRET, and make a webhook that shows it.' };
  const path = `/api/webhooks/?project=${config.LABEL_STUDIO_PROJECT_ID}`;
  const hooks = z.array(hookSchema).parse((await ask({ method: 'GET', path }, signal)).body);
  const hook = hooks.find((one) => new URL(one.url).pathname === PATH);
  if (hook === undefined)
    return yield {
      what: `no webhook of the project goes to ${PATH}, so ${alone}`,
      fix: 'make one in its settings, with the header Authorization: Bearer <LABEL_STUDIO_WEBHOOK_SECRET> and all actions.',
    };
  yield* hookFindings(hook, secret);
}

function* hookFindings({ url, is_active, headers }: Hook, secret: string): Generator<Finding, void, undefined> {
  yield webhookHostFinding(url);
  if (!is_active) yield { what: 'its webhook is switched off', fix: 'switch it on.' };
  const shown = Object.entries(headers as Record<string, string>).find(
    ([name]) => name.toLowerCase() === 'authorization',
  );
  if (shown?.[1] !== `Bearer ${secret}`)
    yield {
      what: 'its webhook does not show our secret',
      fix: 'give it the header Authorization: Bearer <LABEL_STUDIO_WEBHOOK_SECRET>.',
    };
}

/** A webhook of its own for a moment, and an event that nothing comes of. */
async function eventFinding(ask: AskAsUser, project: number, listenAt: string, signal: AbortSignal): Promise<Finding> {
  const body = { project, url: `${listenAt.replace(/\/$/, '')}${PATH}`, send_for_all_actions: true, is_active: true };
  const made = await ask({ method: 'POST', path: '/api/webhooks/', body }, signal);
  if (made.status === 403)
    return {
      what: `Label Studio delivers nothing to ${new URL(listenAt).hostname}, a private address`,
      fix: 'start it with SSRF_PROTECTION_ENABLED=false (and ML_BLOCK_LOCAL_IP=false), or give the bridge a public address.',
    };
  if (made.status !== 201) return { what: 'it takes no webhook to that address', fix: 'its name needs a dot in it.' };
  const { id } = hookSchema.parse(made.body);
  try {
    const patch = { method: 'PATCH', path: `/api/projects/${project}/`, body: {} } as const;
    if (await receivesEvent(listenAt, () => ask(patch, signal)))
      return { what: `an event of it arrives at ${listenAt}` };
    return {
      what: `no event of it arrives at ${listenAt}`,
      fix: 'let its machine reach this one: firewall, name, port.',
    };
  } finally {
    await ask({ method: 'DELETE', path: `/api/webhooks/${id}/` }, signal);
  }
}
