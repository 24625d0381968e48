import { roleOfService, roles } from '@assay/shared/contracts/roles';
import { makeLogins } from '@assay/shared/postgres/logins';
import { migrate, readMigrations } from '@assay/shared/postgres/migrate';
import { requireAddress } from '../infra/endpoints.ts';
import { CDC_LOGIN, type Infrastructure } from '../infra/infrastructure.ts';

/** By which address each service reaches Postgres. */
export interface ServiceLogins {
  urlOf(service: string): string;
  /** Debezium's; undefined where it is the one of the service. */
  readonly cdcUrl: string | undefined;
}

const loginOf = (role: string): string => (role === roles.cdc ? CDC_LOGIN : `${role}_login`);

/**
 * Migrates our own Postgres and makes a login for each service, which is in its role and in no other. On somebody's database
 * nobody asked us to make logins: services have the address that was given, and say in their log what is wrong with it.
 */
export async function makeServiceLogins(infrastructure: Infrastructure): Promise<ServiceLogins> {
  const databaseUrl = requireAddress(infrastructure.endpoints, 'databaseUrl');
  if (!infrastructure.parts.some(({ name }) => name === 'postgres'))
    return { urlOf: () => databaseUrl, cdcUrl: undefined };
  const urlAs = (role: string): string => {
    const url = new URL(databaseUrl);
    Object.assign(url, { username: loginOf(role), password: infrastructure.password(loginOf(role)) });
    return url.href;
  };
  await migrate(databaseUrl, await readMigrations());
  const withLogins = [...new Set(Object.values(roleOfService)), roles.cdc];
  await makeLogins(
    databaseUrl,
    withLogins.map((role) => ({
      name: loginOf(role),
      password: infrastructure.password(loginOf(role)),
      role,
      mayReplicate: role === roles.cdc,
    })),
  );
  return { urlOf: (service) => urlAs(roleOfService[service]!), cdcUrl: urlAs(roles.cdc) };
}
