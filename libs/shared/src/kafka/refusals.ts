import kafkajs from 'kafkajs';
import { PipelineError } from '../errors/pipeline-error.ts';

/** What a certificate, a login or an ACL did wrong, and the setting that mends it; null for other faults. */
export function refusalOf(error: unknown): string | null {
  for (let link = error; link instanceof Error; link = link.cause) {
    if (link instanceof PipelineError) return link.message;
    const told = loginRefusal(link) ?? aclRefusal(link) ?? tlsRefusal(link);
    if (told !== null) return told;
  }
  return null;
}

function loginRefusal(error: Error): string | null {
  if (error.name !== 'KafkaJSSASLAuthenticationError') return null;
  if (error.message.includes('not supported by the server'))
    return 'the brokers do not offer this KAFKA_SASL_MECHANISM: set it to one of theirs';
  return 'the brokers refuse our login: compare KAFKA_SASL_MECHANISM and its user, password or token with what the brokers know';
}

const ACLS: Readonly<Record<string, string>> = {
  TOPIC_AUTHORIZATION_FAILED: 'a topic',
  GROUP_AUTHORIZATION_FAILED: 'a consumer group',
  CLUSTER_AUTHORIZATION_FAILED: 'the cluster',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'a transactional id',
};

function aclRefusal(error: Error): string | null {
  const on = error instanceof kafkajs.KafkaJSProtocolError ? ACLS[error.type] : undefined;
  return on === undefined ? null : `our login has no ACL for this on ${on}: add it at the brokers`;
}

const UNTRUSTED =
  'the certificate of the broker is signed by nobody we believe: set KAFKA_SSL_CA_FILE to the authority of the brokers';
const UNTIMELY = 'the certificate of the broker is not valid now: renew it, or set the clock of this machine';
const CERTIFICATE =
  'the broker wants a certificate of ours, or does not take the one it got: set KAFKA_SSL_CERTIFICATE_FILE and KAFKA_SSL_KEY_FILE to a pair it believes';
const WITHOUT_TLS =
  'the broker speaks without TLS at this port: set KAFKA_SSL=false, or its port with TLS in KAFKA_BROKERS';
const NO_TLS_YET =
  'the connection ended before TLS was agreed: the broker is restarting, or speaks without TLS at this port (KAFKA_SSL)';
const CLOSED =
  'the broker closed the connection: it is restarting, or wants TLS or a login at this port (KAFKA_SSL, KAFKA_SASL_MECHANISM)';

const TLS: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  CERT_HAS_EXPIRED: UNTIMELY,
  CERT_NOT_YET_VALID: UNTIMELY,
  ERR_TLS_CERT_ALTNAME_INVALID:
    'the certificate of the broker is for another name: use in KAFKA_BROKERS a name that it has',
  ERR_SSL_WRONG_VERSION_NUMBER: WITHOUT_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: WITHOUT_TLS,
};

/** The broker's answer to our certificate, in the words of OpenSSL: `ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE`. */
const ABOUT_OURS = /^ERR_SSL_.*ALERT.*(CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE)/;

function tlsRefusal(error: Error): string | null {
  const { code = '' } = error as { code?: string };
  if (ABOUT_OURS.test(code)) return CERTIFICATE;
  if (error.message.includes('before secure TLS connection')) return NO_TLS_YET;
  if (error.name === 'KafkaJSConnectionClosedError') return CLOSED;
  return TLS[code] ?? null;
}
