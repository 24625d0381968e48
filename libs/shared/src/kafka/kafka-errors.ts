import kafkajs, { type KafkaJSError } from 'kafkajs';
import { PipelineError } from '../errors/pipeline-error.ts';
import { refusalOf } from './refusals.ts';

/** An error kafkajs raised itself: the broker, the network, the group. Everything else is ours. */
export const isKafkaJsError = (error: unknown): error is KafkaJSError => error instanceof kafkajs.KafkaJSError;

/** Whatever kafkajs reports about reaching or using a broker is an outage to us; a TypeError in it is a bug and passes. */
export function kafkaError(doing: string, error: unknown): unknown {
  if (!isKafkaJsError(error)) return error;
  return new PipelineError('DEPENDENCY_UNAVAILABLE', `${doing}: ${refusalOf(error) ?? error.message}`, {
    cause: error,
    dependency: 'kafka',
  });
}

/** A bug, or a codec that is not there: no waiting helps. */
const HOPELESS = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'KafkaJSNotImplemented']);

/** Whether what ended a consumer may pass by itself. kafkajs's own `retriable` is false for some outages (no coordinator). */
export function isOutage(error: unknown): boolean {
  for (let link: unknown = error; link instanceof Error; link = link.cause) if (HOPELESS.has(link.name)) return false;
  return isKafkaJsError(error);
}
