import { roles } from '../contracts/roles.ts';
import type { Login } from '../postgres/logins.ts';

const loginOf = (role: string): string => `${role}_of_specs`;

/** One for each role, on the server of the run: specs log in as services do. */
export const testLogins = (password: string): readonly Login[] =>
  Object.values(roles)
    .filter((role) => role !== roles.owner)
    .map((role) => ({ name: loginOf(role), password, role, mayReplicate: role === roles.cdc }));

/** The address a service in that role would have. */
export function loginUrl(databaseUrl: string, role: string, password: string): string {
  const url = new URL(databaseUrl);
  Object.assign(url, { username: loginOf(role), password });
  return url.href;
}
