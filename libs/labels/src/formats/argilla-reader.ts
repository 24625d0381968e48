import { columnOf } from '../columns.ts';
import { onScale } from '../confidence.ts';
import type { LabelValue } from '../label.ts';
import { toCodeUnits } from './code-points.ts';
import { documentOf } from './document-fields.ts';
import type { Json } from './json-input.ts';
import { isJson, jsonOf, listOf, parseJson, textOf, without } from './json-input.ts';
import { LabelCollector } from './label-collector.ts';
import type { ShownLabel } from './label-collector.ts';
import type { ReadResult, ReadSettings } from './label-format.ts';
import { UnreadableContent } from './unreadable-content.ts';
import { ASIDE } from './loss.ts';

export const TOOL = 'argilla';
const RAW = `@${TOOL}`;

/** A response in the server's shape, also where the SDK exported it by question. */
interface Response {
  readonly raw: Json;
  readonly user: string | null;
  readonly status: string;
  readonly values: Json;
}

export function readArgillaRecords(content: string, settings: ReadSettings): ReadResult {
  const collector = new LabelCollector(settings.path);
  for (const record of recordsIn(parseJson(content))) readRecord(record, settings, collector);
  return collector.result();
}

/** `{"items":[Record]}` (list, bulk), `{"items":[{"record":Record}]}` (search), or an array of records (SDK). */
function recordsIn(json: unknown): Json[] {
  const items = Array.isArray(json) ? json : jsonOf(json)['items'];
  if (!Array.isArray(items)) throw new UnreadableContent('malformed_json', 'no records of Argilla');
  return items.map((item) => jsonOf(jsonOf(item)['record'] ?? item));
}

function readRecord(record: Json, settings: ReadSettings, collector: LabelCollector): void {
  const suggestions = record['suggestions'];
  collector.notVote('prediction', isJson(suggestions) ? Object.keys(suggestions).length : listOf(suggestions).length);
  const responses = responsesOf(record['responses']);
  if (responses.length === 0) collector.notVote('unlabelled');
  const document = recordDocument(record);
  for (const response of responses) {
    if (response.status === 'discarded' || response.status === 'draft') collector.notVote(response.status);
    else readResponse(response, { record, document, settings, collector });
  }
}

function responsesOf(responses: unknown): Response[] {
  if (!isJson(responses)) {
    return listOf(responses)
      .map(jsonOf)
      .map((raw) => ({
        raw: without(raw, ['values']),
        user: textOf(raw['user_id']),
        status: textOf(raw['status']) ?? 'submitted',
        values: Object.fromEntries(
          Object.entries(jsonOf(raw['values'])).map(([name, value]) => [name, jsonOf(value)['value']]),
        ),
      }));
  }
  // The SDK lists answers by question; one user's answers are one response.
  const byUser = new Map<string, { user: string | null; status: string; values: [string, unknown][] }>();
  for (const [question, answers] of Object.entries(responses)) {
    for (const answer of listOf(answers).map(jsonOf)) {
      const user = textOf(answer['user_id']);
      const status = textOf(answer['status']) ?? 'submitted';
      const response = byUser.get(`${status} ${user}`) ?? { user, status, values: [] };
      byUser.set(`${status} ${user}`, response);
      response.values.push([question, answer['value']]);
    }
  }
  return [...byUser.values()].map(({ user, status, values }) => {
    return { raw: { user_id: user, status }, user, status, values: Object.fromEntries(values) };
  });
}

interface RecordDocument {
  readonly docId: string | null;
  readonly text: string | null;
  readonly extra: Json;
  readonly asides: Json;
}

function recordDocument(record: Json): RecordDocument {
  const ofFields = documentOf(jsonOf(record['fields']));
  const metadata = jsonOf(record['metadata']);
  const idName = Object.keys(metadata).find((name) => columnOf(name) === 'doc_id');
  const externalId = textOf(record['external_id']);
  const docId = idName === undefined ? externalId : textOf(metadata[idName]);
  const rest = without(metadata, [idName ?? '', ASIDE]);
  const raw = {
    ...rawRecord(record),
    ...(docId === null || externalId === docId ? {} : { external_id: externalId }),
    ...(idName === undefined && docId !== null ? { docIdName: null } : {}),
    ...(idName === undefined || idName === 'doc_id' ? {} : { docIdName: idName }),
    ...(ofFields.names.text === undefined ? {} : { textName: ofFields.names.text }),
    ...(Object.keys(ofFields.fields).length === 0 ? {} : { fields: Object.keys(ofFields.fields) }),
  };
  const extra = { ...rest, ...ofFields.fields };
  return {
    docId,
    text: ofFields.text,
    extra: Object.keys(raw).length === 0 ? extra : { ...extra, [RAW]: raw },
    asides: asidesIn(metadata[ASIDE]),
  };
}

function rawRecord(record: Json): Json {
  const rest = without(record, ['fields', 'metadata', 'external_id', 'responses', 'suggestions']);
  return Object.keys(rest).length === 0 ? {} : { record: rest };
}

/** JSON in a string: metadata of Argilla are plain values. */
function asidesIn(metadata: unknown): Json {
  return typeof metadata === 'string' ? jsonOf(parseJson(metadata)) : {};
}

interface Place {
  readonly record: Json;
  readonly document: RecordDocument;
  readonly settings: ReadSettings;
  readonly collector: LabelCollector;
}

function readResponse({ raw, user, values }: Response, place: Place): void {
  const { document, settings, collector } = place;
  const { name: sure, scale = 1 } = settings.confidence ?? {};
  const said = sure !== undefined && Object.hasOwn(values, sure) ? onScale(values[sure], scale) : null;
  const answers = Object.entries(values).filter(([name]) => name !== sure);
  if (answers.length === 0) return collector.notVote('unlabelled');
  for (const [field, answer] of answers) {
    const value = valueOf(answer, document.text);
    if (value === null) {
      const why = `the answer to ${field} is no label of ours`;
      collector.reject('missing_label', { doc_id: document.docId, annotator_id: user, field, answer }, why);
      continue;
    }
    const updated = textOf(raw['updated_at']);
    const rest = without(raw, ['user_id', 'status', 'updated_at']);
    const own = {
      ...jsonOf(document.extra[RAW]),
      ...(Object.keys(rest).length === 0 ? {} : { response: rest }),
    };
    const shown: ShownLabel = {
      docId: document.docId,
      text: document.text,
      annotator: user,
      field,
      value,
      confidence: said,
      partConfidences: null,
      annotatedAt: updated,
      origin: { tool: TOOL, id: textOf(raw['id']), version: updated },
      extra: Object.keys(own).length === 0 ? document.extra : { ...document.extra, [RAW]: own },
    };
    collector.vote(shown, document.asides[asideKey(user, field)]);
  }
}

/** The record does not say which kind of question it answers: a string is a choice, a list of spans the spans, a ranking
 * (`[{value, rank}]`) no label of ours. */
function valueOf(answer: unknown, text: string | null): LabelValue | null {
  if (typeof answer === 'string') return { kind: 'choice', choice: answer };
  if (typeof answer === 'number') return { kind: 'rating', rating: answer };
  if (!Array.isArray(answer)) return null;
  if (answer.length > 0 && answer.every((item) => typeof item === 'string'))
    return { kind: 'choices', choices: answer };
  const spans = answer.map(jsonOf).flatMap(({ start, end, label }) => {
    return typeof start === 'number' && typeof end === 'number' ? [{ start, end, label: textOf(label) }] : [];
  });
  return spans.length === answer.length ? { kind: 'spans', spans: toCodeUnits(spans, text) } : null;
}

/** Where an answer's aside stands: no user answers a question twice. */
export function asideKey(user: string | null, field: string): string {
  return JSON.stringify([user, field]);
}
