import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpSettings } from '../config/fields.ts';
import { type KeyKind, keyKinds } from './access.ts';

/** The keys of a server by what they open. */
export type Keys = Readonly<Record<KeyKind, readonly string[]>>;

/** The keys of HTTP_API_KEYS open everything, the others what they are named after. */
export const keysOf = (settings: KeySettings): Keys => ({
  read: [...settings.HTTP_API_KEYS, ...settings.HTTP_READ_KEYS],
  write: [...settings.HTTP_API_KEYS, ...settings.HTTP_WRITE_KEYS],
  operate: [...settings.HTTP_API_KEYS, ...settings.HTTP_OPERATE_KEYS],
});

type KeySettings = Pick<HttpSettings, 'HTTP_API_KEYS' | 'HTTP_READ_KEYS' | 'HTTP_WRITE_KEYS' | 'HTTP_OPERATE_KEYS'>;

/**
 * What the key in an `Authorization` opens: shown as `Bearer`, or as the password of `Basic`, which is what a browser can ask a
 * person for. Null where it shows none of ours.
 */
export function keyCheck(keys: Keys): (authorization: string | undefined) => ReadonlySet<KeyKind> | null {
  const known = keyKinds.flatMap((kind) => keys[kind].map((key) => ({ kind, digest: digest(key) })));
  return (authorization) => {
    const shown = keyOf(authorization ?? '');
    if (shown === null) return null;
    const ours = digest(shown);
    // Each of them is compared, whatever the ones before said.
    const opened = known.filter((key) => timingSafeEqual(key.digest, ours)).map(({ kind }) => kind);
    return opened.length === 0 ? null : new Set(opened);
  };
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
