import { isIPv6 } from 'node:net';
import { isLoopback } from '../config/loopback.ts';

interface HostSettings {
  readonly HTTP_HOST: string;
  readonly HTTP_ALLOWED_HOSTS: readonly string[];
}

/**
 * Tells whether a `Host` is one that this server goes by. A page can give its own name the address of loopback and then send
 * requests to us as if we were its server (DNS rebinding); only the name gives it away. A server that others can reach asks
 * for a key, which such a page has not, and goes by any name until some are named.
 */
export function hostCheck({ HTTP_HOST, HTTP_ALLOWED_HOSTS }: HostSettings): (host: string | undefined) => boolean {
  const goesByAnyName = !isLoopback(HTTP_HOST) && HTTP_ALLOWED_HOSTS.length === 0;
  const names = new Set([HTTP_HOST, ...HTTP_ALLOWED_HOSTS].map(plainName));
  return (host) => {
    if (goesByAnyName || host === undefined) return true; // browsers always send one
    const name = nameOf(host);
    return name !== null && (isLoopback(name) || names.has(name));
  };
}

const plainName = (name: string): string => (isIPv6(name) ? `[${name}]` : name).toLowerCase();

/** The name without its port; null for what is no `Host`. */
const nameOf = (host: string): string | null =>
  /^(\[[\da-f:.]+\]|[^\s:[\]]+)(?::\d*)?$/i.exec(host)?.[1]?.toLowerCase() ?? null;
