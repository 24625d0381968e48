import { setTimeout as sleep } from 'node:timers/promises';
import {
  type LabelStudioUnderTest,
  realLabelStudioProject,
} from '@assay/annotation-bridge/testing/label-studio/label-studio-under-test';
import { startTestServer } from '@assay/annotation-bridge/testing/test-server';
import { decideRows, defaultRules } from '@assay/labels/decide';
import { parseInstantText } from '@assay/labels/instant';
import type { Label } from '@assay/labels/label';
import { defaultSettings } from '@assay/labels/label-row';
import { readLabels } from '@assay/labels/read-labels';
import type { Vote } from '@assay/labels/votes';
import { topics } from '@assay/shared/contracts/topics';
import { type Chance, createChance } from '@assay/tools/tickets/ticket-values';
import { readGoldStream } from './gold-stream.ts';
import { SystemBed } from './system-bed.ts';
import { ticketMessages } from './tickets.ts';
import { until } from './until.ts';

interface AnnotatorOptions {
  readonly labels: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

const SECRET = 'the-secret-of-the-e2e-webhook';
const DROPPED = 0.3;
const DOWN_MS = 60_000;
const ANNOTATORS = 3;
const WITHIN_MS = 900_000;
const settings = {
  ...defaultSettings,
  missingConfidence: 0.9,
  tools: { confidence: { name: 'confidence', scale: 5 } },
};

/**
 * Three people label, change, skip and delete by the server's own API, while webhooks are dropped and their receiver is down for a
 * minute; gold must be what one pass over the server's tasks comes to.
 */
export async function runLossyAnnotators({ labels, seed, say }: AnnotatorOptions): Promise<readonly string[]> {
  const server = await realLabelStudioProject();
  const bed = await SystemBed.start(['ingest']);
  const relay = await startRelay(bed, createChance(seed));
  try {
    const tickets = Math.ceil(labels / 2);
    await push(bed, server, tickets);
    await hook(server, relay.url);
    const began = performance.now();
    const down = relay.downFor(DOWN_MS);
    const acts = await labelAll(server, labels, createChance(seed + 1));
    say(
      `people     ${labels} labels in ${((performance.now() - began) / 1000).toFixed(0)} s, then ${JSON.stringify(acts)}`,
    );
    await down;
    const { seconds, expected } = await untilGoldEquals(bed, server);
    say(`webhooks   ${relay.told()}`);
    say(
      `gold       ${expected} documents, equal to one pass over the server ${seconds.toFixed(1)} s after the last act`,
    );
    return [];
  } catch (error) {
    bed.explain();
    throw error;
  } finally {
    await bed.stop();
    await relay.close();
    await server.close();
  }
}

async function push(bed: SystemBed, server: LabelStudioUnderTest, tickets: number): Promise<void> {
  bed.startService('annotation-bridge', {
    ANNOTATION_BRIDGE_TARGETS: 'label-studio',
    ANNOTATION_BRIDGE_PULL_MS: '5000',
    ANNOTATION_BRIDGE_LOOK_AGAIN_MS: '20000',
    ANNOTATION_BRIDGE_CONFIDENCE_CONTROL: 'confidence:5',
    ANNOTATION_BRIDGE_CONFIDENCE_MISSING: '0.9',
    LABEL_STUDIO_URL: server.url,
    LABEL_STUDIO_API_KEY: server.apiKey,
    LABEL_STUDIO_PROJECT_ID: String(server.projectId),
    LABEL_STUDIO_WEBHOOK_SECRET: SECRET,
  });
  await bed.service('annotation-bridge').ready();
  await bed.startServices(['quality-validator', 'output']);
  const producer = bed.kafka.producer();
  await producer.connect();
  await producer.send({ topic: topics.ticketsRaw.name, messages: ticketMessages(0, tickets) });
  await producer.disconnect();
  await until('every document to be a task', async () => (await server.tasks()).length === tickets, WITHIN_MS);
}

const hook = ({ ask, projectId }: LabelStudioUnderTest, url: string) =>
  ask('POST', '/api/webhooks/', {
    project: projectId,
    url,
    send_payload: true,
    send_for_all_actions: true,
    headers: { Authorization: `Bearer ${SECRET}` },
    is_active: true,
  });

/** Between the server and the bridge: loses webhooks, and is down for a while. */
async function startRelay(bed: SystemBed, chance: Chance) {
  const counts = { passed: 0, dropped: 0, refused: 0 };
  const waited: number[] = [];
  let isDown = false;
  const relay = await startTestServer(async (request, body, response) => {
    if (isDown || chance.next() < DROPPED) {
      counts[isDown ? 'refused' : 'dropped']++;
      return void request.socket.destroy();
    }
    const address = await bed.service('annotation-bridge').ready();
    const began = performance.now();
    const headers = { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' };
    const answer = await fetch(`${address}/v1/webhooks/label-studio`, { method: 'POST', headers, body });
    waited.push(performance.now() - began);
    counts.passed++;
    response.writeHead(answer.status).end();
  });
  return {
    url: `${relay.url}/v1/webhooks/label-studio`,
    close: () => relay.close(),
    async downFor(ms: number): Promise<void> {
      await sleep(ms / 4);
      isDown = true;
      await sleep(ms);
      isDown = false;
    },
    told(): string {
      const inOrder = waited.toSorted((a, b) => a - b);
      const at = (part: number) => inOrder[Math.floor(inOrder.length * part)]?.toFixed(1) ?? 'none';
      return `${JSON.stringify(counts)}; our answer took p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
    },
  };
}

/** Two labels for each task, by different people; one act in three is followed by another on the same annotation. */
async function labelAll({ ask, tasks }: LabelStudioUnderTest, labels: number, chance: Chance) {
  const people = await makePeople(ask);
  const acts = { changed: 0, deleted: 0, skipped: 0, groundTruth: 0, tasksDeleted: 0 };
  const ids = (await tasks()).map(({ id }) => id);
  for (let label = 0; label < labels; label++) {
    const task = ids[label % ids.length]!;
    const completed_by = people[(label + Math.floor(label / ids.length)) % people.length];
    const made = await ask('POST', `/api/tasks/${task}/annotations/`, { ...answerOf(chance), completed_by });
    const { id } = made as { id: number };
    const act = chance.next();
    if (act < 0.15) await change(id, answerOf(chance), 'changed');
    else if (act < 0.22) await change(id, { was_cancelled: true }, 'skipped');
    else if (act < 0.26) await change(id, { ground_truth: true }, 'groundTruth');
    else if (act < 0.33) {
      await ask('DELETE', `/api/annotations/${id}/`);
      acts.deleted++;
    }
  }
  for (const task of ids.slice(0, Math.ceil(ids.length / 50))) {
    await ask('DELETE', `/api/tasks/${task}/`);
    acts.tasksDeleted++;
  }
  return acts;

  async function change(id: number, body: object, what: 'changed' | 'skipped' | 'groundTruth'): Promise<void> {
    await ask('PATCH', `/api/annotations/${id}/`, body);
    acts[what]++;
  }
}

async function makePeople(ask: LabelStudioUnderTest['ask']): Promise<readonly number[]> {
  const people: number[] = [];
  for (let person = 0; person < ANNOTATORS; person++) {
    const name = `annotator-${Date.now()}-${person}`;
    const user = { username: name, email: `${name}@example.com`, password: `password of ${name}` };
    people.push(((await ask('POST', '/api/users/', user)) as { id: number }).id);
  }
  return people;
}

/** Mostly the same label and sure, so that there is gold, dissent and doubt. */
function answerOf(chance: Chance): { readonly result: readonly object[]; readonly was_cancelled: boolean } {
  const region = (from_name: string, type: string, value: object) => ({
    id: from_name,
    from_name,
    to_name: 'text',
    type,
    value,
  });
  const choices = [chance.next() < 0.8 ? 'billing' : 'bug'];
  const rating = chance.next() < 0.8 ? 5 : 2;
  const result = [region('label', 'choices', { choices }), region('confidence', 'rating', { rating })];
  return { result, was_cancelled: false };
}

async function untilGoldEquals(bed: SystemBed, server: LabelStudioUnderTest) {
  const began = performance.now();
  const expected = await goldOf(server);
  await until(
    'gold to be what the server says',
    async () => {
      const { examples, faults } = await readGoldStream(bed);
      if (faults.length > 0) throw new Error(faults.join('\n'));
      const found = [...examples].map(([docId, { label }]) => `${docId} ${JSON.stringify(label)}`);
      return JSON.stringify(found.toSorted()) === JSON.stringify(expected);
    },
    WITHIN_MS,
  );
  return { seconds: (performance.now() - began) / 1000, expected: expected.length };
}

/** One pass over what the server shows, by the rules of libs/labels and without any of the system's parts. */
async function goldOf({ ask, projectId }: LabelStudioUnderTest): Promise<readonly string[]> {
  const page = `/api/tasks?project=${projectId}&page=1&page_size=100000&fields=all`;
  const { tasks } = (await ask('GET', page)) as { tasks: unknown };
  const { labels } = await readLabels('export.json', Buffer.from(JSON.stringify(tasks)), settings);
  const gold: string[] = [];
  for (const [docId, ofDocument] of Map.groupBy(labels, (label) => label.docId)) {
    const { decision } = decideRows(ofDocument.map(voteOf), defaultRules);
    if (decision.verdict === 'gold') gold.push(`${docId} ${JSON.stringify(decision.fields['label']!.label)}`);
  }
  return gold.toSorted();
}

const voteOf = ({ annotator, field, value, confidence, annotatedAt, text, origin }: Label): Vote => ({
  field,
  annotator,
  label: value,
  confidence: confidence!,
  annotatedAt: annotatedAt === null ? null : parseInstantText(annotatedAt),
  text,
  path: origin.path,
  row: origin.row,
});
