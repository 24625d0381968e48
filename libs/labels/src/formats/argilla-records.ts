import { hash } from 'node:crypto';
import type { Label, LabelValue } from '../label.ts';
import { TOOL, asideKey, readArgillaRecords } from './argilla-reader.ts';
import { toCodePoints } from './code-points.ts';
import { fieldsOf, groupDocuments, rawOf } from './document-fields.ts';
import type { Json } from './json-input.ts';
import { jsonOf, listOf, textOf } from './json-input.ts';
import type { WriteSettings } from './label-format.ts';
import type { Aside } from './loss.ts';
import { ASIDE } from './loss.ts';
import { labelContent } from './tool-row.ts';
import { verified } from './verified-write.ts';
import type { Encoded } from './verified-write.ts';

function answerOf(value: LabelValue, text: string | null): unknown {
  if (value.kind !== 'spans') return labelContent(value);
  return toCodePoints(value.spans, text);
}

function encodeArgillaRecords(
  labels: readonly Label[],
  asides: readonly (Aside | undefined)[],
  settings: WriteSettings,
): Encoded {
  const order: number[] = [];
  const recordIdOf = (label: Label) => textOf(jsonOf(rawOf(label, TOOL)['record'])['id']);
  const items = groupDocuments(labels, recordIdOf).flatMap(({ members }) => {
    const [record, written] = encodeRecord(members, labels, asides, settings);
    order.push(...written);
    return written.length === 0 ? [] : [record];
  });
  return { content: `${JSON.stringify({ items }, null, 1)}\n`, order };
}

interface OutgoingResponse {
  readonly head: Json;
  readonly values: Map<string, unknown>;
  readonly members: Map<string, number>;
}

/** One response per user; a second answer of a user to one question has no place. */
function encodeRecord(
  members: readonly number[],
  labels: readonly Label[],
  asides: readonly (Aside | undefined)[],
  { confidenceControl }: WriteSettings,
): [Json, number[]] {
  const responses = new Map<string, OutgoingResponse>();
  const kept: Record<string, Aside> = {};
  for (const index of members) {
    const label = labels[index] as Label;
    const user = userOf(label, index);
    const response = responses.get(user) ?? newResponse(label, user);
    if (response.values.has(label.field) || label.field === confidenceControl) continue;
    responses.set(user, response);
    response.members.set(label.field, index);
    response.values.set(label.field, answerOf(label.value, label.text));
    if (confidenceControl !== undefined && label.confidence !== null) {
      response.values.set(confidenceControl, label.confidence);
    }
    const aside = asides[index];
    if (aside !== undefined) kept[asideKey(user, label.field)] = aside;
  }
  const written = [...responses.values()].flatMap(inReadingOrder);
  const first = labels[written[0] ?? members[0] ?? 0] as Label;
  const json = [...responses.values()].map(({ head, values }) => {
    return { ...head, values: Object.fromEntries([...values].map(([name, value]) => [name, { value }])) };
  });
  return [{ ...recordHead(first, kept), responses: json }, written];
}

// An object's keys come back in their own order: those that look like numbers first.
function inReadingOrder({ values, members }: OutgoingResponse): number[] {
  const fields = Object.keys(Object.fromEntries(values));
  return fields.flatMap((field) => members.get(field) ?? []);
}

function recordHead(label: Label, asides: Record<string, Aside>): Json {
  const raw = rawOf(label, TOOL);
  const inFields = listOf(raw['fields']);
  const textName = textOf(raw['textName']) ?? 'text';
  const idName = raw['docIdName'] === null ? null : (textOf(raw['docIdName']) ?? 'doc_id');
  const plain = Object.entries(fieldsOf(label, [textName, idName ?? '', ASIDE]));
  const externalId = raw['external_id'] === undefined ? label.docId : raw['external_id'];
  return {
    ...jsonOf(raw['record']),
    ...(externalId === null ? {} : { external_id: externalId }),
    fields: {
      ...(label.text === null ? {} : { [textName]: label.text }),
      ...Object.fromEntries(plain.filter(([name]) => inFields.includes(name))),
    },
    metadata: {
      ...(label.docId === null || idName === null ? {} : { [idName]: label.docId }),
      ...Object.fromEntries(plain.filter(([name]) => !inFields.includes(name))),
      ...(Object.keys(asides).length === 0 ? {} : { [ASIDE]: JSON.stringify(asides) }),
    },
  };
}

function newResponse(label: Label, user: string): OutgoingResponse {
  const times = label.annotatedAt === null ? {} : { updated_at: label.annotatedAt };
  const raw = jsonOf(rawOf(label, TOOL)['response']);
  return { head: { ...raw, user_id: user, status: 'submitted', ...times }, values: new Map(), members: new Map() };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Argilla knows people by UUID. Anybody else gets one made of the name, so that the same person stays the same; an
 * anonymous vote gets one of its own. */
function userOf({ annotator }: Label, index: number): string {
  if (annotator !== null && UUID.test(annotator)) return annotator;
  const digest = hash('sha256', JSON.stringify(annotator ?? index), 'hex');
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}

export const argillaRecords = verified({
  name: 'argilla',
  summary: 'Argilla 2.x records with responses (list, search and bulk bodies, SDK export)',
  hasAside: true,
  reasons: {
    label: 'Argilla takes one answer per user and question',
    annotator: 'no user of Argilla: create one and give it this id, or replace the id',
    confidence: 'Argilla keeps no confidence per response; name a rating question for it with --confidence-control',
    partConfidences: 'Argilla keeps no confidence per response',
    annotatedAt: 'one time per response',
    value: 'the answer reads back as another kind of label',
    extra: 'belongs to another tool, or is no metadata',
  },
  read: readArgillaRecords,
  encode: encodeArgillaRecords,
});
