import { createHmac, type KeyObject } from 'node:crypto';

/**
 * identity/v1: the same ticket is the same document through any door. Frozen: the golden vectors beside this file must hold
 * for ever, because labels, decisions and gold lines refer to these ids. Anything cleverer than NFC (trimming, repairing,
 * folding) happens after it. Keyed, so that nobody can find a short text by hashing guesses.
 */
export function docIdOf(key: Uint8Array | KeyObject, source: string, ticketId: string, text: string): string {
  const content = `v1\0${source}\0${ticketId}\0${text}`.normalize('NFC');
  return createHmac('sha256', key).update(content).digest('hex').slice(0, 32);
}

export interface IdentityKey {
  readonly key: Uint8Array;
  /** Made by a local run, for that run's own database only. */
  readonly madeLocally: boolean;
}

const LOCAL_PREFIX = 'local-';

/** 64 hex digits, with `local-` before them when a local run made it. Null when it is neither. */
export function parseIdentityKey(text: string): IdentityKey | null {
  const madeLocally = text.startsWith(LOCAL_PREFIX);
  const hex = madeLocally ? text.slice(LOCAL_PREFIX.length) : text;
  return /^[0-9a-f]{64}$/i.test(hex) ? { key: Buffer.from(hex, 'hex'), madeLocally } : null;
}

/** What the database remembers of a key: enough to recognise it, nothing to use it. */
export interface KeyProof {
  readonly keyId: string;
  readonly checkValue: string;
}

export function proofOf({ key }: IdentityKey): KeyProof {
  const derive = (purpose: string) => createHmac('sha256', key).update(`assay/identity/${purpose}`).digest('hex');
  return { keyId: `id-${derive('key id').slice(0, 8)}`, checkValue: derive('check').slice(0, 32) };
}
