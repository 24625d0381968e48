import kafkajs, { type KafkaJSError } from 'kafkajs';
import { PipelineError } from '../errors/pipeline-error.ts';

/** An error kafkajs raised itself: the broker, the network, the group. Everything else is ours. */
export const isKafkaJsError = (error: unknown): error is KafkaJSError => error instanceof kafkajs.KafkaJSError;

/** Whatever kafkajs reports about reaching or using a broker is an outage to us; a TypeError in it is a bug and passes. */
export function kafkaError(doing: string, error: unknown): unknown {
  if (!isKafkaJsError(error)) return error;
  return new PipelineError('DEPENDENCY_UNAVAILABLE', `${doing}: ${error.message}`, {
    cause: error,
    dependency: 'kafka',
  });
}
