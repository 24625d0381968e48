import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, HttpException, Inject } from '@nestjs/common';

export const API_KEYS = Symbol('API keys');

interface Request {
  readonly url: string;
  readonly headers: { readonly authorization?: string };
}

/** What a probe or Prometheus may ask without a key; they tell nothing about tickets. */
const OPEN_PATHS = new Set(['/health', '/ready', '/metrics', '/openapi.json']);

interface Reply {
  header(name: string, value: string): unknown;
}

/**
 * Lets a request through with one of the configured keys, as `Authorization: Bearer`, or as the password of `Basic`, which is
 * what a browser can ask a person for. With no key configured the service listens on loopback only.
 */
export class ApiKeyGuard implements CanActivate {
  private readonly digests: readonly Buffer[];

  constructor(@Inject(API_KEYS) keys: readonly string[]) {
    this.digests = keys.map(digest);
  }

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const { url, headers } = http.getRequest<Request>();
    if (this.digests.length === 0 || OPEN_PATHS.has(url.split('?', 1)[0]!)) return true;
    const shown = digest(keyOf(headers.authorization ?? ''));
    if (this.digests.some((known) => timingSafeEqual(known, shown))) return true;
    http.getResponse<Reply>().header('www-authenticate', 'Basic realm="Assay, password: API key"');
    throw new HttpException({ error: 'send Authorization: Bearer <API key>', code: 'UNAUTHORIZED' }, 401);
  }
}

function keyOf(authorization: string): string {
  const [scheme = '', credentials = ''] = authorization.split(' ', 2);
  if (scheme.toLowerCase() !== 'basic') return credentials;
  const decoded = Buffer.from(credentials, 'base64').toString();
  return decoded.slice(decoded.indexOf(':') + 1);
}

/** Digests are of equal length, which a comparison in constant time needs. */
const digest = (key: string): Buffer => createHash('sha256').update(key).digest();
