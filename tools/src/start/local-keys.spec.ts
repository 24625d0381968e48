import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepLocalKeys } from './local-keys.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('keepLocalKeys', () => {
  it('makes keys that only their owner may read, in the shape ingest takes', () => {
    const { identityKey, bronzeKey, pseudonymKey } = keepLocalKeys(folder);
    expect(identityKey).toMatch(/^local-[0-9a-f]{64}$/);
    expect(bronzeKey).toMatch(/^local:[0-9a-f]{64}$/);
    expect(pseudonymKey).toMatch(/^local:[0-9a-f]{64}$/);
    expect(statSync(join(folder, 'keys.json')).mode & 0o777).toBe(0o600);
  });

  it('keeps them, because the database knows its identity key', () => {
    expect(keepLocalKeys(folder)).toEqual(keepLocalKeys(folder));
  });

  it('makes the key that a directory of release 0.1 does not have, once', () => {
    writeFileSync(join(folder, 'keys.json'), '{"identityKey":"local-00","bronzeKey":"local:00"}');
    const { identityKey, bronzeKey, pseudonymKey } = keepLocalKeys(folder);
    expect([identityKey, bronzeKey]).toEqual(['local-00', 'local:00']);
    expect(keepLocalKeys(folder).pseudonymKey).toBe(pseudonymKey);
  });

  it.each([
    ['torn', '{"identityKey":'],
    ['without a key', '{"identityKey":"local-00"}'],
  ])('refuses a file that is %s rather than make new keys', (_name, content) => {
    writeFileSync(join(folder, 'keys.json'), content);
    expect(() => keepLocalKeys(folder)).toThrow(/keys\.json is damaged/);
  });
});
