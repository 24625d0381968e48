import { type Addresses, existingInfrastructure } from '../infra/endpoints.ts';

/** `local` starts our own; `existing` takes what KAFKA_BROKERS, DATABASE_URL and so on name, and starts the rest. */
export type InfrastructureKind = 'local' | 'existing';

/** Says by TEST_INFRA where a test run gets its infrastructure from. */
export function chooseKind(env: NodeJS.ProcessEnv): InfrastructureKind {
  const kind = env['TEST_INFRA'] || 'local';
  if (kind === 'local' || kind === 'existing') return kind;
  throw new Error(
    kind === 'containers'
      ? 'TEST_INFRA=containers is not there yet; it comes with the containers of issue 7. Use TEST_INFRA=local.'
      : `TEST_INFRA must be local, existing or containers, got ${kind}.`,
  );
}

/** A DATABASE_URL that a shell happens to export belongs to another project; tests use it only when told to. */
export function existingFor(kind: InfrastructureKind, env: NodeJS.ProcessEnv): Partial<Addresses> {
  return kind === 'existing' ? existingInfrastructure(env) : {};
}
