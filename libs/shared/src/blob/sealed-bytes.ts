import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** A key for sealing blobs. The id travels with the blob, so keys can be rotated and old blobs still opened. */
export interface SealingKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM with a fresh nonce: nonce, ciphertext, tag. */
export function seal(plain: Uint8Array, { key }: SealingKey): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Throws when the bytes were changed or the key is another one. */
export function unseal(sealed: Uint8Array, { key }: SealingKey): Buffer {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}

/** Tells whether two seals hold the same content. Keyed, so that a guess at the content cannot be checked from outside. */
export const digestOf = (plain: Uint8Array, { key }: SealingKey): string =>
  createHmac('sha256', key).update('assay/bronze digest/').update(plain).digest('hex');
