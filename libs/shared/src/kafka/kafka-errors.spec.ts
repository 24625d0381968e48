import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import type { PipelineError } from '../errors/pipeline-error.ts';
import { protocolError } from './testing/fake-log.ts';
import { isKafkaJsError, isOutage, kafkaError } from './kafka-errors.ts';

const ofKafka = [
  ['a connection that broke', new kafkajs.KafkaJSConnectionError('reset')],
  ['a broker’s answer', protocolError('NOT_LEADER_FOR_PARTITION', 6)],
  ['a request that took too long', new kafkajs.KafkaJSRequestTimeoutError('late')],
  [
    'kafkajs’s own retries, used up',
    new kafkajs.KafkaJSNumberOfRetriesExceeded(new kafkajs.KafkaJSConnectionError('reset'), {
      retryCount: 5,
      retryTime: 9,
    }),
  ],
  [
    'what kafkajs calls final although it may pass',
    new kafkajs.KafkaJSNonRetriableError('Failed to find group coordinator'),
  ],
] as const;

const ofOurs = [
  ['an ordinary error', new Error('x')],
  ['a bug', new TypeError('x is not a function')],
  ['something that only looks like one', Object.assign(new Error('x'), { name: 'KafkaJSError', retriable: true })],
  ['a string', 'KafkaJSError'],
] as const;

describe('an error of kafkajs', () => {
  it.each(ofKafka)('is %s: an outage of Kafka, with its cause', (_what, error) => {
    expect(isKafkaJsError(error)).toBe(true);
    expect(isOutage(error)).toBe(true);
    const outage = kafkaError('sending', error) as PipelineError;
    expect(outage).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', dependency: 'kafka', cause: error });
    expect(outage.message).toBe(`sending: ${error.message}`);
  });

  it.each(ofOurs)('is not %s, which passes as it is', (_what, error) => {
    expect(isKafkaJsError(error)).toBe(false);
    expect(isOutage(error)).toBe(false);
    expect(kafkaError('sending', error)).toBe(error);
  });

  it('that only wraps a bug is no outage: waiting does not help', () => {
    const bug = new TypeError('a bug in kafkajs');
    expect(isOutage(Object.assign(new kafkajs.KafkaJSNonRetriableError(bug), { cause: bug }))).toBe(false);
    expect(
      isOutage(Object.assign(new kafkajs.KafkaJSNonRetriableError('zstd'), { name: 'KafkaJSNotImplemented' })),
    ).toBe(false);
  });
});

describe('a refusal', () => {
  const refused = (error: Error) => (kafkaError('sending', error) as PipelineError).message;
  const connection = (code: string) => new kafkajs.KafkaJSConnectionError('Connection error: x', { code });

  it.each([
    [protocolError('TOPIC_AUTHORIZATION_FAILED', 29), 'no ACL for this on a topic'],
    [protocolError('GROUP_AUTHORIZATION_FAILED', 30), 'no ACL for this on a consumer group'],
    [connection('SELF_SIGNED_CERT_IN_CHAIN'), 'set KAFKA_SSL_CA_FILE'],
    [connection('CERT_HAS_EXPIRED'), 'set the clock of this machine'],
    [connection('ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE'), 'set KAFKA_SSL_CERTIFICATE_FILE'],
    [connection('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), 'set KAFKA_SSL_CERTIFICATE_FILE'],
    [connection('ERR_TLS_CERT_ALTNAME_INVALID'), 'use in KAFKA_BROKERS a name that it has'],
  ])('of %s says what mends it, also below retries that were used up', (error, fix) => {
    expect(refused(error)).toContain(fix);
    const usedUp = new kafkajs.KafkaJSNumberOfRetriesExceeded(error, { retryCount: 5, retryTime: 9 });
    expect(refused(usedUp)).toContain(fix);
    expect(isOutage(usedUp)).toBe(true);
  });
});
