import { type ContentCode, contentCodes, type Dependency, type ErrorCode, errorCodes } from './codes.ts';

interface Details {
  readonly cause?: unknown;
  readonly dependency?: Dependency;
}

/** The one error adapters throw. The message says what was being done: `inserting documents: connection refused`. */
export class PipelineError extends Error {
  readonly code: ErrorCode;
  readonly dependency: Dependency | undefined;

  constructor(code: ErrorCode, message: string, { cause, dependency }: Details = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PipelineError';
    this.code = code;
    this.dependency = dependency;
  }

  get retriable(): boolean {
    return errorCodes[this.code].retriable;
  }
}

export const isRetriable = (error: unknown): error is PipelineError =>
  error instanceof PipelineError && error.retriable;

/** An effect that failed because of what a message holds. Which message of its batch, it does not say. */
export const isContentCaused = (error: unknown): error is PipelineError & { readonly code: ContentCode } =>
  error instanceof PipelineError && contentCodes.some((code) => code === error.code);

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
