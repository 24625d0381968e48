import { PipelineError } from '../errors/pipeline-error.ts';
import { kafkaError } from './kafka-errors.ts';

/** kafkajs would try a broker that accepts and never answers for minutes. */
export const ANSWERED_WITHIN_MS = 10_000;

/** A write is tried again by kafkajs itself when a broker hands over to another one, and every replica must have it. */
export const WRITTEN_WITHIN_MS = 30_000;

/**
 * What Kafka answers, or an outage when it does not in time. kafkajs takes no abort signal: whoever asks goes on, and the request
 * ends by itself some time (`requestTimeout`).
 */
export async function answered<T>(doing: string, ask: () => Promise<T>, withinMs = ANSWERED_WITHIN_MS): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const noAnswer = () =>
    new PipelineError('DEPENDENCY_UNAVAILABLE', `${doing}: no answer within ${withinMs} ms`, { dependency: 'kafka' });
  const timer = setTimeout(() => reject(noAnswer()), withinMs);
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    throw kafkaError(doing, error);
  } finally {
    clearTimeout(timer);
  }
}
