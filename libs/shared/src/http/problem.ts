import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { z } from 'zod';
import type { Log } from '../pipeline/log.ts';
import type { Reply } from './reply.ts';

/** The one shape of every error over HTTP: problem details (RFC 9457), with a code that programs can rely on. */
export const problemSchema = z.looseObject({
  type: z.literal('about:blank').describe('The title is the meaning of the status; `code` says more.'),
  title: z.string(),
  status: z.int(),
  code: z.string().describe('What is wrong, for programs. A code is never renamed.'),
  detail: z.string().describe('What is wrong and what to do, for people.'),
});

const PROBLEM_CONTENT_TYPE = 'application/problem+json; charset=utf-8';

/** An answer other than success. `extra` are further members of the problem, such as which rows were refused. */
export class Problem extends HttpException {
  constructor(status: number, code: string, detail: string, extra: Readonly<Record<string, unknown>> = {}) {
    super({ type: 'about:blank', title: titleOf(status), status, code, detail, ...extra }, status);
  }
}

const titleOf = (status: number): string => STATUS_CODES[status] ?? 'Error';

/** Codes for what Nest and Fastify refuse before a controller is asked. */
const STATUS_CODE_NAMES: Readonly<Record<number, readonly [code: string, detail: string]>> = {
  400: ['BAD_REQUEST', 'The request cannot be understood; see /openapi.json for what this address takes.'],
  404: ['NOT_FOUND', 'There is nothing at this address; see /openapi.json for those there are.'],
  413: ['PAYLOAD_TOO_LARGE', 'The request is larger than this server takes; send it in smaller parts.'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'This content type is not taken here; see /openapi.json for those that are.'],
};

/** Whatever was thrown, as a problem. An error of ours tells nothing of itself: it may quote what it was working on. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const status = statusOf(error);
  const [code, detail] = STATUS_CODE_NAMES[status] ?? [
    status < 500 ? 'BAD_REQUEST' : 'INTERNAL_ERROR',
    status < 500 ? 'The request was refused.' : 'The request failed on our side; the log of the service says why.',
  ];
  return new Problem(status, code, detail);
}

/** Fastify's own errors carry a status as well. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const problem = problemOf(error);
    if (problem.getStatus() >= 500 && !(error instanceof HttpException))
      this.#log.error({ err: error }, 'A request failed.');
    sendProblem(host.switchToHttp().getResponse<Reply>(), problem);
  }
}

/** What an answer of this status must say besides its body. */
const asked = (status: number): Readonly<Record<string, string>> => {
  if (status === 401) return { 'www-authenticate': 'Basic realm="Assay, password: API key"' };
  return status === 503 ? { 'retry-after': '1' } : {};
};

export const sendProblem = (reply: Reply, problem: Problem): unknown =>
  reply
    .status(problem.getStatus())
    .headers({ 'content-type': PROBLEM_CONTENT_TYPE, 'cache-control': 'no-store', ...asked(problem.getStatus()) })
    .send(JSON.stringify(problem.getResponse()));
