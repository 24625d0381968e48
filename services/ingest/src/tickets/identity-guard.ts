import type { Statement, Transaction } from '@assay/shared/postgres/statement';
import { PipelineError } from '@assay/shared/errors/pipeline-error';
import { proofOf, type IdentityKey, type KeyProof } from './domain/identity.ts';

const insertIdentity: Statement = {
  name: 'insert-identity',
  text: `insert into assay.identity (key_id, check_value) values ($1, $2) on conflict do nothing`,
};

const readIdentity: Statement = { name: 'read-identity', text: `select key_id, check_value from assay.identity` };

/** The first service to start leaves the proof of its key; every later one must have the same key. */
export async function guardIdentity(postgres: Pick<Transaction, 'query'>, key: IdentityKey): Promise<KeyProof> {
  const proof = proofOf(key);
  await postgres.query(insertIdentity, [proof.keyId, proof.checkValue]);
  const [stored] = await postgres.query<{ key_id: string; check_value: string }>(readIdentity, []);
  if (stored?.key_id !== proof.keyId || stored.check_value !== proof.checkValue)
    throw new PipelineError(
      'CONFIG_INVALID',
      `the identity key is ${proof.keyId}, but this database was made with ${stored?.key_id}: the same ticket would get another doc_id. Start with the first key.`,
    );
  return proof;
}
