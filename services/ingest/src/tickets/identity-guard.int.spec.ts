import { roles } from '@assay/shared/contracts/roles';
import { createTestDatabase, type TestDatabase } from '@assay/shared/testing/test-database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseIdentityKey, proofOf } from './domain/identity.ts';
import { guardIdentity } from './identity-guard.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(() => database.admin.query('truncate assay.identity'));
afterAll(() => database.drop());

const key = (digit: string) => parseIdentityKey(digit.repeat(64))!;
const stored = async () => (await database.admin.query('select key_id, check_value from assay.identity')).rows;

describe('the identity of a database', () => {
  it('is the key of the first service that starts; every later one must have it', async () => {
    const postgres = database.as(roles.ingest);
    const proof = proofOf(key('a'));
    expect(await guardIdentity(postgres, key('a'))).toEqual(proof);
    expect(await guardIdentity(postgres, key('a'))).toEqual(proof);
    expect(await stored()).toEqual([{ key_id: proof.keyId, check_value: proof.checkValue }]);
  });

  it('is defended: another key is refused with both names and what would happen', async () => {
    const postgres = database.as(roles.ingest);
    await guardIdentity(postgres, key('a'));
    const [ours, theirs] = [proofOf(key('b')).keyId, proofOf(key('a')).keyId];
    await expect(guardIdentity(postgres, key('b'))).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `the identity key is ${ours}, but this database was made with ${theirs}: the same ticket would get another doc_id. Start with the first key.`,
    });
    expect(await stored()).toHaveLength(1);
  });

  it('is one, also when services with different keys start together', async () => {
    const results = await Promise.allSettled(
      ['a', 'b', 'c', 'a'].map((digit) => guardIdentity(database.as(roles.ingest), key(digit))),
    );
    const accepted = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.keyId] : []));
    expect(await stored()).toEqual([expect.objectContaining({ key_id: accepted[0] })]);
    expect(new Set(accepted).size).toBe(1);
  });

  it('cannot be changed by the service', async () => {
    const postgres = database.as(roles.ingest);
    await guardIdentity(postgres, key('a'));
    const change = (text: string) => postgres.query({ name: text, text }, []);
    await expect(change("update assay.identity set key_id = 'x'")).rejects.toThrow('permission denied');
    await expect(change('delete from assay.identity')).rejects.toThrow('permission denied');
  });
});
