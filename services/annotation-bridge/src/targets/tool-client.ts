import { messageOf, PipelineError } from '@assay/shared/errors/pipeline-error';

export interface ToolRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. It is part of errors, so nothing of a ticket may stand in it before the question mark. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON already, where bytes are sent as they were committed; anything else is made JSON. */
  readonly body?: unknown;
}

/** What a tool answered, whatever it means. */
export interface ToolAnswer {
  readonly status: number;
  /** Null where the body is empty. */
  readonly body: unknown;
  /** The server's clock when it answered, to the second; null where it does not tell. */
  readonly at: Date | null;
}

/** JSON over HTTP with a labeling tool. A failure to get an answer of JSON is an outage of the target, said with what to do. */
export interface ToolClient {
  /** As people call the tool. */
  readonly tool: string;
  ask(request: ToolRequest, signal: AbortSignal): Promise<ToolAnswer>;
}

/** Longer than a server that stands one import at a time lets an innocent request wait (Label Studio on SQLite: 9.4 s seen). */
const ANSWER_WITHIN_MS = 45_000;

export function createToolClient(tool: string, baseUrl: string, withinMs = ANSWER_WITHIN_MS): ToolClient {
  const base = baseUrl.replace(/\/+$/, '');
  return {
    tool,
    async ask(request, signal) {
      const { method, path, headers, body } = request;
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
      const asked = { method, headers: { 'content-type': 'application/json', ...headers }, signal: deadline };
      try {
        const response = await fetch(`${base}${path}`, body === undefined ? asked : { ...asked, body: jsonOf(body) });
        return {
          status: response.status,
          body: parse(await response.text()),
          at: timeOf(response.headers.get('date')),
        };
      } catch (error) {
        if (error instanceof NotJsonError) throw toolOutage(`${placeOf(tool, request)}, ${error.message}`);
        const why = deadline.aborted && !signal.aborted ? `no answer within ${withinMs} ms` : networkReason(error);
        throw toolOutage(`${placeOf(tool, request)}: ${why}`, error);
      }
    },
  };
}

/** Retriable: the target's worker waits, /ready says so, and the other targets go on. */
export const toolOutage = (message: string, cause?: unknown): PipelineError =>
  new PipelineError('DEPENDENCY_UNAVAILABLE', message, { cause, dependency: 'target' });

/** For an answer nobody can go on with. `advice` says what to do; the tool's own words may quote a ticket and stay out. */
export const unexpectedAnswer = (tool: string, request: ToolRequest, status: number, advice: string): PipelineError =>
  toolOutage(`${placeOf(tool, request)}, answered ${status}: ${advice}`);

const placeOf = (tool: string, { method, path }: ToolRequest): string => `${tool}, ${method} ${path.split('?', 1)[0]!}`;

const jsonOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));

function timeOf(date: string | null): Date | null {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? null : new Date(time);
}

class NotJsonError extends Error {}

/** A page for people where JSON was asked for: another program, an older version, or a proxy stands at the address. */
function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new NotJsonError('answered something that is no JSON: is its address right, and its version one we know?');
  }
}

/** fetch says only "fetch failed"; what happened is in its cause. */
function networkReason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return messageOf(error);
  return (cause as NodeJS.ErrnoException).code ?? cause.message;
}
