import { z } from 'zod';
import { secret } from './read-config.ts';

/** A key that may be rotated: `<key id>:<64 hex digits>`. What it made carries the id. */
export const keyWithId = (meaning: string) =>
  secret(
    z
      .string()
      .regex(/^[a-z0-9-]{1,32}:[0-9a-f]{64}$/, 'must be <key id>:<64 hex digits>')
      .transform((text) => {
        const [id, hex] = text.split(':') as [string, string];
        return { id, key: Buffer.from(hex, 'hex') };
      })
      .describe(meaning),
  );
