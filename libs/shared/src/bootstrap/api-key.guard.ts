import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, UnauthorizedException } from '@nestjs/common';

export const API_KEYS = Symbol('API keys');

interface Request {
  readonly url: string;
  readonly headers: { readonly authorization?: string };
}

/** What a probe or Prometheus may ask without a key; they tell nothing about tickets. */
const OPEN_PATHS = new Set(['/health', '/ready', '/metrics', '/openapi.json']);

/** Lets a request through with one of the configured keys; with none configured the service listens on loopback only. */
export class ApiKeyGuard implements CanActivate {
  private readonly digests: readonly Buffer[];

  constructor(@Inject(API_KEYS) keys: readonly string[]) {
    this.digests = keys.map(digest);
  }

  canActivate(context: ExecutionContext): boolean {
    const { url, headers } = context.switchToHttp().getRequest<Request>();
    if (this.digests.length === 0 || OPEN_PATHS.has(url.split('?', 1)[0]!)) return true;
    const shown = digest(headers.authorization?.replace(/^Bearer /i, '') ?? '');
    if (this.digests.some((known) => timingSafeEqual(known, shown))) return true;
    throw new UnauthorizedException({ error: 'send Authorization: Bearer <API key>', code: 'UNAUTHORIZED' });
  }
}

/** Digests are of equal length, which a comparison in constant time needs. */
const digest = (key: string): Buffer => createHash('sha256').update(key).digest();
