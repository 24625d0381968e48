import type { KafkaConfig, SASLOptions } from 'kafkajs';
import { eventHubsOf, type KafkaAccess, mechanismOf } from '../config/kafka-access.ts';
import { azureTokens, clientCredentialTokens } from './tokens.ts';

/** How kafkajs is told who we are and whom we believe. The settings hold together (config/kafka-access.ts). */
export function accessOf(settings: KafkaAccess): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  const sasl = saslOf(settings);
  return { ssl: tlsOf(settings), ...(sasl === null ? {} : { sasl }) };
}

function tlsOf({ KAFKA_SSL, KAFKA_SSL_CA: ca, KAFKA_SSL_CERTIFICATE: cert, KAFKA_SSL_KEY: key }: KafkaAccess) {
  if (!KAFKA_SSL) return false;
  return { ...(ca === undefined ? {} : { ca }), ...(cert === undefined || key === undefined ? {} : { cert, key }) };
}

const MECHANISMS = { PLAIN: 'plain', 'SCRAM-SHA-256': 'scram-sha-256', 'SCRAM-SHA-512': 'scram-sha-512' } as const;

function saslOf(settings: KafkaAccess): SASLOptions | null {
  const mechanism = mechanismOf(settings);
  if (mechanism === null) return null;
  if (mechanism === 'OAUTHBEARER') return { mechanism: 'oauthbearer', oauthBearerProvider: tokensOf(settings) };
  const { KAFKA_SASL_USERNAME: username = '', KAFKA_SASL_PASSWORD: password = '' } = settings;
  return { mechanism: MECHANISMS[mechanism], username, password };
}

function tokensOf(settings: KafkaAccess) {
  const { KAFKA_OAUTH_TOKEN_URL: url, KAFKA_OAUTH_SCOPE: scope } = settings;
  if (url === undefined) return azureTokens(eventHubsOf(settings.KAFKA_BROKERS) ?? '');
  const { KAFKA_OAUTH_CLIENT_ID: clientId = '', KAFKA_OAUTH_CLIENT_SECRET: clientSecret = '' } = settings;
  return clientCredentialTokens({ url, clientId, clientSecret, scope });
}
