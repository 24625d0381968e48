import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject } from '@nestjs/common';
import { accessOf } from './access.ts';
import { Problem } from './problem.ts';
import type { Reply } from './reply.ts';

export const API_KEYS = Symbol('API keys');

interface Request {
  readonly headers: { readonly authorization?: string };
}

/**
 * Lets a request through by what its route declares (access.ts). A route for `key` takes one of the configured keys, as
 * `Authorization: Bearer`, or as the password of `Basic`, which is what a browser can ask a person for. With no key configured
 * the service listens on loopback only.
 */
export class ApiKeyGuard implements CanActivate {
  private readonly digests: readonly Buffer[];

  constructor(@Inject(API_KEYS) keys: readonly string[]) {
    this.digests = keys.map(digest);
  }

  canActivate(context: ExecutionContext): boolean {
    const access = accessOf(context.getClass(), context.getHandler());
    if (access === 'open' || access === 'verified by the route' || this.digests.length === 0) return true;
    const http = context.switchToHttp();
    const shown = keyOf(http.getRequest<Request>().headers.authorization ?? '');
    if (shown !== null && this.digests.some((known) => timingSafeEqual(known, digest(shown)))) return true;
    http.getResponse<Reply>().header('www-authenticate', 'Basic realm="Assay, password: API key"');
    throw new Problem(401, 'UNAUTHORIZED', 'Send an API key of this server as `Authorization: Bearer <API key>`.');
  }
}

/** Null where no key is shown in one of the two ways. */
function keyOf(authorization: string): string | null {
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+)$/.exec(authorization.trim()) ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return credentials;
    case 'basic': {
      const decoded = Buffer.from(credentials, 'base64').toString();
      const colon = decoded.indexOf(':');
      return colon === -1 ? null : decoded.slice(colon + 1);
    }
    default:
      return null;
  }
}

/** Digests are of equal length, which a comparison in constant time needs. */
const digest = (key: string): Buffer => createHash('sha256').update(key).digest();
