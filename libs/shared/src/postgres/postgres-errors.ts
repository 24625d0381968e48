import type { ContentCode } from '../errors/codes.ts';
import { PipelineError } from '../errors/pipeline-error.ts';

/** SQLSTATE classes and codes after which the same statement may work later: no connection, no room, shutting down. */
const UNAVAILABLE = ['08', '53', '57P', '57014', '58', '28', '25P03', '3D000'];
/** Another transaction was in the way. 55006: a replication slot is being read. 25006: a standby answered after a failover. */
const CONFLICT = ['40001', '40P01', '55P03', '55006', '25006'];

/**
 * What the values of a row can cause and the text of a statement cannot: data exceptions (22), limits of a program (54: an
 * index row, a nesting, a statement too large), a check. A wrong statement, a missing right or table stays a bug.
 */
const CONTENT: readonly (readonly [prefix: string, code: ContentCode])[] = [
  ['22', 'CONTRACT_VIOLATED'],
  ['23514', 'CONTRACT_VIOLATED'],
  ['54', 'PAYLOAD_TOO_LARGE'],
];

/** Of class 22, and yet no fault of a value: no statement of ours divides by one. */
const DIVISION_BY_ZERO = '22012';

/** What pg raises when the connection itself fails; these carry no SQLSTATE. */
const CONNECTION_FAILURE =
  /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|Connection terminated|timeout exceeded when trying to connect|timeout expired|not queryable|Query read timeout/;

/** Classifies what pg threw. An SQLSTATE we do not list is a bug of ours (or of a migration) and passes unchanged. */
export function postgresError(doing: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const state = (error as Error & { code?: string }).code ?? '';
  const details = { cause: error, dependency: 'postgres' as const };
  // The driver's message may quote the row, so only the state goes into ours.
  if (CONFLICT.includes(state)) return new PipelineError('WRITE_CONFLICT', `${doing}: SQLSTATE ${state}`, details);
  if (UNAVAILABLE.some((prefix) => state.startsWith(prefix)))
    return new PipelineError('DEPENDENCY_UNAVAILABLE', `${doing}: SQLSTATE ${state}`, details);
  const content = CONTENT.find(([prefix]) => state.startsWith(prefix));
  if (content !== undefined && state !== DIVISION_BY_ZERO) {
    const { constraint } = error as Error & { constraint?: string };
    const rule = constraint === undefined ? '' : ` (${constraint})`;
    return new PipelineError(content[1], `${doing}: SQLSTATE ${state}${rule}`, details);
  }
  const failures = error instanceof AggregateError ? error.errors.map(String).join('; ') : `${state} ${error.message}`;
  if (CONNECTION_FAILURE.test(failures))
    return new PipelineError('DEPENDENCY_UNAVAILABLE', `${doing}: ${failures.trim()}`, details);
  return error;
}
