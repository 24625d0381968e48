import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Tells whether an `Authorization` shows one of the keys: as `Bearer`, or as the password of `Basic`, which is what a browser
 * can ask a person for.
 */
export function keyCheck(keys: readonly string[]): (authorization: string | undefined) => boolean {
  const digests = keys.map(digest);
  return (authorization) => {
    const shown = keyOf(authorization ?? '');
    return shown !== null && digests.some((known) => timingSafeEqual(known, digest(shown)));
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
