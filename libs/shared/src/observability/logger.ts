import { pino, type Logger } from 'pino';

export type { Logger };

/**
 * JSON lines on stdout. Errors are written as code, message and the chain of causes, without their own fields: drivers put
 * rows and payloads there.
 */
export function createLogger(service: string, level: string): Logger {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError },
  });
}

interface ErrorDescription {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  readonly at?: string;
  readonly cause?: ErrorDescription;
}

export function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, message: String(error) };
  const { code } = error as Error & { code?: unknown };
  const at = error.stack
    ?.split('\n')
    .find((line) => /^\s+at /.test(line))
    ?.trim();
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(at === undefined ? {} : { at }),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
