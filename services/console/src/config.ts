import {
  httpFields,
  isGuarded,
  kafkaFields,
  laneFields,
  list,
  logFields,
  postgresFields,
  UNGUARDED,
} from '@assay/shared/config/fields';
import { coherentKafka } from '@assay/shared/config/kafka-access';
import { type Environment, readConfig } from '@assay/shared/config/read-config';
import { z } from 'zod';

/** A service whose /ready the console asks. */
export interface WatchedService {
  readonly name: string;
  readonly url: string;
}

export const consoleConfigSchema = z
  .object({
    ...logFields,
    ...kafkaFields,
    ...laneFields,
    ...postgresFields,
    ...httpFields,
    CONNECT_URL: z.url().optional().describe('Kafka Connect, to show how its connectors are.'),
    CONSOLE_SERVICES: list()
      .pipe(z.array(z.string().regex(/^[a-z-]+=https?:\/\/\S+$/, 'must be name=url, comma separated')))
      .transform((entries) => entries.map(watchedService))
      .describe('Services to ask whether they are ready, name=url, comma separated.'),
  })
  .refine(isGuarded, UNGUARDED)
  .superRefine(coherentKafka);

export type ConsoleConfig = z.output<typeof consoleConfigSchema>;

export const readConsoleConfig = (environment: Environment = process.env): ConsoleConfig =>
  readConfig(consoleConfigSchema, environment);

function watchedService(entry: string): WatchedService {
  const equals = entry.indexOf('=');
  return {
    name: entry.slice(0, equals).trim(),
    url: entry
      .slice(equals + 1)
      .trim()
      .replace(/\/+$/, ''),
  };
}
