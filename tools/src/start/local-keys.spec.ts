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
    const { identityKey, bronzeKey } = keepLocalKeys(folder);
    expect(identityKey).toMatch(/^local-[0-9a-f]{64}$/);
    expect(bronzeKey).toMatch(/^local:[0-9a-f]{64}$/);
    expect(statSync(join(folder, 'keys.json')).mode & 0o777).toBe(0o600);
  });

  it('keeps them, because the database knows its identity key', () => {
    expect(keepLocalKeys(folder)).toEqual(keepLocalKeys(folder));
  });

  it.each([
    ['torn', '{"identityKey":'],
    ['without a key', '{"identityKey":"local-00"}'],
  ])('refuses a file that is %s rather than make new keys', (_name, content) => {
    writeFileSync(join(folder, 'keys.json'), content);
    expect(() => keepLocalKeys(folder)).toThrow(/keys\.json is damaged/);
  });
});
