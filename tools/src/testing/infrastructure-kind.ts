import { type Addresses, existingInfrastructure } from '../infra/endpoints.ts';

/**
 * `local` starts our own; `existing` takes what KAFKA_BROKERS, DATABASE_URL and so on name, and starts the rest;
 * `containers` starts the images of docker-compose.yml.
 */
export type InfrastructureKind = 'local' | 'existing' | 'containers';

/** Says by TEST_INFRA where a test run gets its infrastructure from. */
export function chooseKind(env: NodeJS.ProcessEnv): InfrastructureKind {
  const kind = env['TEST_INFRA'] || 'local';
  if (kind === 'local' || kind === 'existing' || kind === 'containers') return kind;
  throw new Error(`TEST_INFRA must be local, existing or containers, got ${kind}.`);
}

/** A DATABASE_URL that a shell happens to export belongs to another project; tests use it only when told to. */
export function existingFor(kind: InfrastructureKind, env: NodeJS.ProcessEnv): Partial<Addresses> {
  return kind === 'existing' ? existingInfrastructure(env) : {};
}
